import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unpackedPackage } from '../../../scripts/debian/cache.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { mariaDbMissing } from './mariadb.ts';

const services = '/etc/pam.d';

const mayWriteServices = (): boolean => {
  try {
    accessSync(services, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** One line that says why MariaDB's PAM plugin cannot be used here; undefined when it can. */
export const pamMissing = (): string | undefined => {
  const missing = mariaDbMissing();
  if (missing !== undefined) return missing;
  if (unpackedPackage('mariadb-server') === undefined)
    return 'the PAM plugin is missing: node scripts/unpack-debian.ts mariadb-server';
  return mayWriteServices() ? undefined : `${services} is not writable: PAM reads its services from there alone`;
};

/** Arguments with which MariaDB loads the plugin and asks for the password as it is. */
export const pamArguments = (): readonly string[] => [
  `--plugin-dir=${join(unpackedPackage('mariadb-server') ?? '', 'usr/lib/mysql/plugin')}`,
  '--plugin-load-add=auth_pam_v1',
  '--pam-use-cleartext-plugin=ON',
];

/** A service of PAM that takes one password, and notes each one that it is asked about. */
export type PamService = AsyncDisposable & {
  readonly name: string;
  /** The passwords that arrived, as they arrived. */
  asked(): Promise<readonly string[]>;
};

/** Makes a service of its own, whose program compares what it is given byte for byte. Its scope's end takes it away. */
export const startPamService = async (password: string): Promise<PamService> => {
  const folder = await temporaryFolder();
  const file = (name: string): string => join(folder.path, name);
  const name = `postal-endpoint-test-${randomBytes(6).toString('hex')}`;
  await writeFile(file('expected'), password);
  await writeFile(
    file('compare'),
    `#!/bin/sh\ntr -d '\\000' > ${file('given')}\n(cat ${file('given')}; echo) >> ${file('asked')}\ncmp -s ${file('given')} ${file('expected')}\n`,
    { mode: 0o700 },
  );
  await writeFile(
    join(services, name),
    `auth required pam_exec.so quiet expose_authtok ${file('compare')}\naccount required pam_permit.so\n`,
  );
  return {
    name,
    asked: async () => (existsSync(file('asked')) ? (await readFile(file('asked'), 'utf8')).trimEnd().split('\n') : []),
    [Symbol.asyncDispose]: async () => {
      await rm(join(services, name), { force: true });
      await folder[Symbol.asyncDispose]();
    },
  };
};
