import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect, TLSSocket } from 'node:tls';
import { beforeAll, expect, test } from 'vitest';
import { type CertificateKind, type Certificates, makeCertificates } from './certificates.ts';
import { tlsServerContext } from './tls-server-context.ts';

let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(Date.now());
});

/** What a client that trusts the root makes of the server's certificate, host name aside. */
const judge = async (cert: CertificateKind, ca: string): Promise<string> => {
  const secureContext = tlsServerContext({ cert }, certificates);
  const server = createServer(
    (socket) => void new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {}),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const client = connect({
    host: '127.0.0.1',
    port,
    ca,
    servername: 'mail.oracle.test',
    checkServerIdentity: () => undefined,
  });
  try {
    await once(client, 'secureConnect');
    return `${client.getProtocol()} trusted`;
  } catch (error) {
    return error instanceof Error ? (error.message.split(';')[0] ?? '') : String(error);
  } finally {
    client.destroy();
    server.close();
  }
};

const verdicts: readonly (readonly [CertificateKind, string])[] = [
  ['public', 'TLSv1.3 trusted'],
  ['wronghost', 'TLSv1.3 trusted'],
  ['cnonly', 'TLSv1.3 trusted'],
  ['mxname', 'TLSv1.3 trusted'],
  ['fullchain', 'TLSv1.3 trusted'],
  ['nochain', 'unable to verify the first certificate'],
  ['private', 'self-signed certificate in certificate chain'],
  ['selfsigned', 'self-signed certificate'],
  ['expired', 'certificate has expired'],
  ['notyet', 'certificate is not yet valid'],
  ['weak1024', 'EE certificate key too weak'],
];

test.each(verdicts)('to one who trusts the public root, %s is: %s', async (kind, verdict) => {
  expect(await judge(kind, certificates.publicRoot)).toBe(verdict);
});

test('the private root makes its certificate trusted', async () => {
  expect(await judge('private', certificates.privateRoot)).toBe('TLSv1.3 trusted');
});
