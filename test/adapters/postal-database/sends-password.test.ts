import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rdsToken } from '../../../lib/adapters/aws/sign-request.ts';
import { connectToDatabase } from '../../../lib/adapters/postal-database/connect.ts';
import { createDatabaseLogin } from '../../../lib/adapters/postal-database/database-login.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { type MariaDb, startMariaDb } from '../../support/postal-database/mariadb.ts';
import { type PamService, pamArguments, pamMissing, startPamService } from '../../support/postal-database/pam.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const missing = pamMissing();
const signal = (): AbortSignal => AbortSignal.timeout(20_000);
const nowMs = Date.parse('2026-11-30T05:00:00Z');
const region = 'eu-central-1';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: '' };
const user = 'postal_endpoint';

describe.skipIf(missing)(
  `IAM authentication, against a MariaDB that asks for the password as it is${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    const parts = new AsyncDisposableStack();
    let db: MariaDb;
    let plain: MariaDb;
    let pam: PamService;
    let otherCa: string;

    const config = (port: number, caFile: string) => ({
      host: 'localhost',
      port,
      database: 'postal',
      messagePrefix: 'postal',
      caFile,
      user,
      secretId: undefined,
      secretsPort: 2773,
      secretsSessionToken: '',
      region,
      credentials,
    });
    const loginTo = (port: number, caFile: string) => createDatabaseLogin(config(port, caFile), () => nowMs)(signal());

    beforeAll(async () => {
      db = parts.use(await startMariaDb({ subjectAltNames: ['DNS:localhost'] }, pamArguments()));
      plain = parts.use(await startMariaDb('none', ['--skip-ssl', ...pamArguments()]));
      pam = parts.use(
        await startPamService(
          await rdsToken({ host: 'localhost', port: db.port, user }, { region, credentials, nowMs }),
        ),
      );
      for (const one of [db, plain]) await one.sql(`CREATE USER ${user}@'%' IDENTIFIED VIA pam USING '${pam.name}'`);
      const folder = parts.use(await temporaryFolder());
      otherCa = join(folder.path, 'other.pem');
      await writeFile(otherCa, (await makeCertificate({ commonName: 'Another authority', isAuthority: true })).cert);
    });
    afterAll(() => parts.disposeAsync());

    it('the token arrives byte for byte, over TLS, and lets the role in', async () => {
      const { address, protection } = await loginTo(db.port, db.caFile);
      const database = await connectToDatabase(address, protection, signal());
      expect(database.isEncrypted).toBe(true);
      expect(await database.query('SELECT CURRENT_USER() AS account')).toEqual([{ account: `${user}@%` }]);
      database.close();
      expect(await pam.asked()).toEqual([address.password]);
    });

    it('a token that was changed is refused', async () => {
      const { address, protection } = await loginTo(db.port, db.caFile);
      const changed = { ...address, password: address.password.replace('Action=connect', 'Action=connecT') };
      await expect(connectToDatabase(changed, protection, signal())).rejects.toMatchObject({ reason: 'login-refused' });
    });

    it.each([
      ['the certificate is of another authority', () => loginTo(db.port, otherCa), 'certificate'],
      [
        'the certificate names another host',
        async () => {
          const { address, protection } = await loginTo(db.port, db.caFile);
          return { address: { ...address, host: '127.0.0.1' }, protection };
        },
        'certificate',
      ],
      ['nobody that it knows signed the certificate', () => loginTo(db.port, '/nowhere/ca.pem'), 'certificate'],
      ['the server offers no TLS', () => loginTo(plain.port, '/nowhere/ca.pem'), 'no-tls'],
      [
        'the server offers no TLS, and plaintext were allowed',
        async () => {
          const { address, protection } = await loginTo(plain.port, '/nowhere/ca.pem');
          return { address, protection: { ...protection, allowPlaintext: true } };
        },
        'no-tls',
      ],
    ])('no token is sent where %s', async (_, login, reason) => {
      const before = await pam.asked();
      const { address, protection } = await login();
      await expect(connectToDatabase(address, protection, signal())).rejects.toMatchObject({ reason });
      expect(await pam.asked()).toEqual(before);
    });

    it('a password that is not meant to be sent as it is stays here, also over verified TLS', async () => {
      const before = await pam.asked();
      const ca = await readFile(db.caFile, 'utf8');
      const address = { host: 'localhost', port: db.port, user, password: 'a password' };
      await expect(connectToDatabase(address, { ca, allowPlaintext: false }, signal())).rejects.toMatchObject({
        detail: expect.stringContaining('mysql_clear_password'),
      });
      expect(await pam.asked()).toEqual(before);
    });
  },
);
