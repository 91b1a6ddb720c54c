import type { IncomingMessage } from 'node:http';

const bodyOctetsMaximum = 1024 * 1024;

/** The whole body as text; undefined when it is over 1 MiB. */
export const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of request) {
    octets += (chunk as Buffer).length;
    if (octets <= bodyOctetsMaximum) chunks.push(chunk as Buffer);
  }
  return octets > bodyOctetsMaximum ? undefined : Buffer.concat(chunks).toString('utf8');
};
