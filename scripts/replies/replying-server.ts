import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { LabelledReply } from './labelled-reply.ts';

/** A mail server on loopback that says one given reply at its stage, and goes along with everything else. */
export type ReplyingServer = AsyncDisposable & { readonly port: number };

const usual: Readonly<Record<string, string>> = {
  EHLO: '250-mx.corp.test\r\n250-PIPELINING\r\n250 8BITMIME',
  HELO: '250 mx.corp.test',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 End data with <CR><LF>.<CR><LF>',
  RSET: '250 2.0.0 Ok',
  QUIT: '221 2.0.0 Bye',
};
const verbs: Readonly<Record<string, LabelledReply['stage']>> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STARTTLS: 'starttls',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
};

/** Starts it on a port that the system chooses. */
export const startReplyingServer = async ({
  stage,
  lines,
}: Pick<LabelledReply, 'stage' | 'lines'>): Promise<ReplyingServer> => {
  const given = lines.join('\r\n');
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    const say = (text: string): void => void (socket.writable && socket.write(`${text}\r\n`));
    let isInData = false;
    createInterface({ input: socket })
      .on('error', () => socket.destroy())
      .on('line', (line) => {
        if (isInData) {
          if (line !== '.') return;
          isInData = false;
          return say(stage === 'eod' ? given : '250 2.0.0 Ok: queued as 4Bx7Kq');
        }
        const verb = /^\w*/.exec(line)?.[0].toUpperCase() ?? '';
        if (verbs[verb] === stage) return say(given);
        isInData = verb === 'DATA';
        const offer = verb === 'EHLO' && stage === 'starttls' ? '250-mx.corp.test\r\n250 STARTTLS' : undefined;
        say(offer ?? usual[verb] ?? '502 5.5.2 Command not recognized');
      });
    say(stage === 'banner' ? given : '220 mx.corp.test ESMTP');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
