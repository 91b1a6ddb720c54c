import { once } from 'node:events';
import { createServer } from 'node:net';

/** No scenario uses this address: whoever listens on it holds the port, for every address of the scenarios and in every process. */
const reservationAddress = '127.77.255.254';

export type ReservedPort = AsyncDisposable & { readonly port: number };

/** A port, chosen by the system, that no other scenario gets until it is given back. */
export const reservePort = async (): Promise<ReservedPort> => {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, reservationAddress);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The reservation has no port');
  return {
    port: bound.port,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
