import { type EvidenceScope, readEvidence } from '../../lib/app/verify/evidence.ts';
import type { Evidence } from '../../lib/app/verify/verify.ts';
import { entryHash } from '../../lib/core/ledger/chain.ts';
import type { Entry } from '../../lib/core/ledger/entry.ts';
import { auditStream } from '../../lib/core/ledger/entry.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import { workerUnderTest } from './worker-under-test.ts';

const never = new AbortController().signal;

/** What `verify` is given of a worker's ledger and channel. */
export const evidenceOf = async (
  worker: ReturnType<typeof workerUnderTest>,
  scope: Partial<EvidenceScope> = {},
): Promise<Evidence> => {
  const whole: EvidenceScope = {
    channelId: 'C0AUDIT',
    hostname: undefined,
    sinceMs: worker.clock.now() - 86_400_000,
    isWanted: () => true,
  };
  const evidence = await readEvidence(worker.ports, { ...whole, ...scope }, worker.clock.now(), never);
  if (!evidence.ok) throw new Error(JSON.stringify(evidence.failure));
  return evidence.value;
};

/** The entries of a stream that can be read. */
export const entriesIn = (reading: Evidence['audit']): readonly Entry[] =>
  'entries' in reading ? reading.entries : [];

/** A worker that registered names, changed them, refused requests and announced it all, until its ledger had at least so many entries. */
export const announcedHistory = async (entries: number): Promise<ReturnType<typeof workerUnderTest>> => {
  const worker = workerUnderTest();
  const written = new Map<string, number>();
  const count = async (stream: string): Promise<void> =>
    void written.set(stream, (await worker.ledger.head(stream, never))?.sequence ?? 0);
  for (let round = 0; [...written.values()].reduce((sum, sequence) => sum + sequence, 0) < entries; round += 1) {
    const host = `h${round % 16}.mail.corp.internal`;
    await worker.clock.advance(20_000);
    if (round < 16) await worker.say(`add ${host} 10.0.4.${round + 1}`);
    else {
      for (const address of ['192.0.2.1', '192.0.2.2']) await worker.say(`update ${host} ${address}`);
      await worker.say(`update ${host} 10.0.${5 + Math.floor(round / 16)}.${(round % 16) + 1}`);
      const waiting = fold(await worker.ledger.read(host, never)).pending[0];
      if (waiting === undefined) throw new Error(`no plan of ${host} waits: ${worker.lastReply()}`);
      await worker.say(`approve ${waiting.changeId} --plan ${waiting.plan.digest}`);
    }
    await count(host);
    await count(auditStream);
  }
  return worker;
};

/** Gives entries, in the order in which they are, the numbers and hashes of a faultless chain, as an intruder does who knows how. */
export const rechained = (entries: readonly Entry[]): readonly Entry[] => {
  const chain: Entry[] = [];
  for (const [index, entry] of entries.entries()) {
    const previousHash = chain.at(-1)?.hash ?? '0'.repeat(64);
    const standing =
      entry.sequence === index + 1 && entry.previousHash === previousHash && entryHash(entry) === entry.hash;
    const renumbered = { ...entry, sequence: index + 1, previousHash };
    chain.push(standing ? entry : { ...renumbered, hash: entryHash(renumbered) });
  }
  return chain;
};

/** The evidence with other entries in one of its streams. */
export const withEntries = (evidence: Evidence, stream: string, entries: readonly Entry[]): Evidence =>
  stream === auditStream
    ? { ...evidence, audit: { entries } }
    : { ...evidence, streams: new Map([...evidence.streams, [stream, { entries }]]) };
