import * as z from 'zod';
import type { Machine } from './machine-protocol.ts';
import type { Outcome } from './page-protocol.ts';

const name = z.string().max(1000);
const type = z.string().max(20);
const requests = {
  server: z.object({ name, isUp: z.boolean() }),
  'write-record': z.object({
    name: name.min(1, 'Give the whole name.'),
    type,
    values: z.array(z.string().max(4000)).min(1, 'Give at least one value; to take a record away, delete it.').max(400),
    ttlSeconds: z.int('A TTL is a whole number of seconds.').min(0).max(2_147_483_647),
  }),
  'delete-record': z.object({ name, type }),
};

const wrong = ({ issues }: z.ZodError): Outcome => ({
  ok: false,
  error: issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' '),
});

/** Does on this machine what the page asks for; `undefined` when that is nothing of the machine's. */
export const actOnMachine = async (machine: Machine, action: string, body: unknown): Promise<Outcome | undefined> => {
  switch (action) {
    case 'server': {
      const request = requests.server.safeParse(body);
      return request.success ? machine.setServer(request.data) : wrong(request.error);
    }
    case 'write-record': {
      const request = requests['write-record'].safeParse(body);
      return request.success ? machine.writeRecord(request.data) : wrong(request.error);
    }
    case 'delete-record': {
      const request = requests['delete-record'].safeParse(body);
      return request.success ? machine.deleteRecord(request.data) : wrong(request.error);
    }
    default:
      return undefined;
  }
};
