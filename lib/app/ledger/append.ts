import { boundedBody } from '../../core/ledger/bounded-body.ts';
import { link } from '../../core/ledger/chain.ts';
import type { Entry, EntryBody } from '../../core/ledger/entry.ts';
import type { Ports } from '../ports/ports.ts';

/** Appends one entry behind `head`; `taken` when the stream has grown since it was read. */
export const appendAfter = async (
  { ledger, clock }: Pick<Ports, 'ledger' | 'clock'>,
  stream: string,
  head: Entry | undefined,
  body: EntryBody,
  signal: AbortSignal,
): Promise<Entry | 'taken'> => {
  const entry = link(head, stream, new Date(clock.now()).toISOString(), boundedBody(body));
  return (await ledger.append(entry, signal)) === 'appended' ? entry : 'taken';
};

/** Appends one entry at the end of a stream, wherever that is by then: for entries that hang on nothing before them. */
export const appendAtEnd = async (
  ports: Pick<Ports, 'ledger' | 'clock'>,
  stream: string,
  body: EntryBody,
  signal: AbortSignal,
): Promise<Entry> => {
  for (;;) {
    const appended = await appendAfter(ports, stream, await ports.ledger.head(stream, signal), body, signal);
    if (appended !== 'taken') return appended;
  }
};
