import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { TlsEnding } from '../../../lib/adapters/smtp/tls-ending.ts';
import { type Certificate, makeCertificate } from '../../support/certificate.ts';
import { startScript } from '../../support/smtp-script.ts';

describe('how a server ends TLS', () => {
  let certificate: Certificate;
  beforeAll(async () => {
    certificate = await makeCertificate();
  });

  type Ending = {
    readonly version: 'TLSv1.2' | 'TLSv1.3';
    readonly says: string;
    readonly pause: boolean;
    readonly notifies: boolean;
  };
  const pauseMs = 30;

  /** Whether the end seemed to be in order to the client. */
  const meet = async ({ version, says, pause, notifies }: Ending): Promise<boolean> => {
    await using server = await startScript(async ({ socket }) => {
      const secureContext = createSecureContext({ ...certificate, maxVersion: version });
      const tls = new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {});
      await once(tls, 'data');
      if (says !== '') await new Promise<void>((resolve) => tls.write(says, () => resolve()));
      if (pause) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (notifies) tls.end();
      else socket.end();
    });
    const raw = connectTcp({ host: '127.0.0.1', port: server.port, noDelay: true });
    await once(raw, 'connect');
    const tls = connectTls({ socket: raw, rejectUnauthorized: false });
    const ending = new TlsEnding(raw, tls);
    tls.on('data', () => {}).on('error', () => {});
    await once(tls, 'secureConnect');
    tls.write('hello\r\n');
    await once(tls, 'end');
    const { isInOrder } = ending;
    tls.destroy();
    return isInOrder;
  };

  const cases = (['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) =>
    ['', '221 bye\r\n', `220 ${'x'.repeat(40_000)}\r\n`].flatMap((says) =>
      [false, true].flatMap((pause) =>
        [false, true].map((notifies) => ({ version, says, length: says.length, pause, notifies })),
      ),
    ),
  );

  it.each(cases)(
    '$version, $length octets before, a pause between: $pause, close_notify: $notifies',
    async (ending) => {
      for (let time = 0; time < 5; time += 1) expect(await meet(ending)).toBe(ending.notifies);
    },
  );

  it('is not in order when TCP ends in the middle of the handshake', async () => {
    await using server = await startScript(async ({ socket }) => {
      await once(socket, 'data');
      socket.end(Buffer.concat([Buffer.from([0x16, 3, 3, 1, 0]), Buffer.alloc(200)]));
    });
    const raw = connectTcp({ host: '127.0.0.1', port: server.port });
    await once(raw, 'connect');
    const tls = connectTls({ socket: raw, rejectUnauthorized: false });
    const ending = new TlsEnding(raw, tls);
    const inOrder = new Promise<boolean>((resolve) =>
      tls.on('error', () => {}).on('end', () => resolve(ending.isInOrder)),
    );
    expect(await inOrder).toBe(false);
  });
});
