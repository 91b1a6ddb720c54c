import { unpackDebianPackage } from './debian/unpack.ts';

// Unpacks packages of Debian that cannot be installed beside each other, for the tests and benches that run their servers.

const names = process.argv.slice(2);
if (names.length === 0 || names.some((name) => !/^[a-z0-9][a-z0-9+.-]+$/.test(name))) {
  process.stderr.write('usage: node scripts/unpack-debian.ts PACKAGE…\n');
  process.exit(2);
}
for (const name of names) process.stdout.write(`${name}: ${await unpackDebianPackage(name)}\n`);
