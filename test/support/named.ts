import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ForegroundServer, startForeground } from './foreground-server.ts';
import { freePorts } from './free-ports.ts';
import { findProgram } from './run.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** What to say where BIND is missing; undefined where it is there. */
export const namedMissing = (): string | undefined =>
  findProgram('named') === undefined ? 'BIND is missing: apt-get install bind9' : undefined;

/** A zone file's records, one a line, names absolute. */
export type BindZone = { readonly name: string; readonly records: readonly string[] };

export type Named = AsyncDisposable & { readonly port: number; readonly server: ForegroundServer };

const header = (name: string): string =>
  `$TTL 60\n${name}. 900 IN SOA ns.invalid. hostmaster.invalid. 1 7200 900 1209600 86400\n${name}. IN NS ns.invalid.\n`;

/**
 * Starts BIND on loopback, authoritative for the zones, and for an empty zone `parent` above them all: it follows CNAMEs from zone to zone only when it may
 * recurse, and so it has nobody else to ask. A name in `parent` and in none of the zones is NXDOMAIN.
 */
export const startNamed = async (zones: readonly BindZone[], parent: string): Promise<Named> => {
  const folder = await temporaryFolder();
  const [port = 0] = await freePorts(1);
  await mkdir(join(folder.path, 'zones'));
  const all = [{ name: parent, records: [] }, ...zones];
  const clauses = all.map(
    ({ name }, index) =>
      `zone "${name}" { type primary; file "zones/${index}"; check-integrity no; check-names ignore; };`,
  );
  await Promise.all(
    all.map(({ name, records }, index) =>
      writeFile(join(folder.path, 'zones', String(index)), `${header(name)}${records.join('\n')}\n`),
    ),
  );
  const options = [
    `directory "${folder.path}"; pid-file "${folder.path}/named.pid"; session-keyfile "${folder.path}/session.key";`,
    `listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion yes; allow-recursion { 127.0.0.1; }; notify no; empty-zones-enable no;`,
    'check-names primary ignore; dnssec-validation no; minimal-responses yes;',
  ];
  const config = `options { ${options.join('\n')} };\ncontrols { };\n${clauses.join('\n')}\n`;
  await writeFile(join(folder.path, 'named.conf'), config);
  const server = await startForeground('named', ['-g', '-n', '1', '-c', join(folder.path, 'named.conf')], [port]);
  // It listens before it has read its zones, and answers SERVFAIL for those that are still to come.
  await expect.poll(() => server.output).toContain('all zones loaded');
  return {
    port,
    server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
};
