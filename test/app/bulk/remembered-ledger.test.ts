import { describe, expect, it } from 'vitest';
import { rememberedLedger } from '../../../lib/app/bulk/remembered-ledger.ts';
import type { Ledger } from '../../../lib/app/ports/ledger.ts';
import { link } from '../../../lib/core/ledger/chain.ts';
import type { Entry } from '../../../lib/core/ledger/entry.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';

const { signal } = new AbortController();
const stream = 'a.corp.internal';
const entryAfter = (head: Entry | undefined, changeId: string): Entry =>
  link(head, stream, '2026-03-02T14:02:00.000Z', { kind: 'expired', changeId });
const first = entryAfter(undefined, '1');
const second = entryAfter(first, '2');

/** A remembered ledger, how often the one behind it was read, and that one itself. */
const underTest = () => {
  const behind = createMemoryLedger();
  const reads: string[] = [];
  const counting: Ledger = {
    ...behind,
    read: (asked, ...rest) => {
      reads.push(asked);
      return behind.read(asked, ...rest);
    },
  };
  return { ledger: rememberedLedger(counting), behind, reads };
};

describe('a remembered ledger', () => {
  it('reads a stream once, and knows what was appended through it since', async () => {
    const { ledger, reads } = underTest();
    expect(await ledger.read(stream, signal)).toEqual([]);
    expect(await ledger.append(first, signal)).toBe('appended');
    expect(await ledger.append(second, signal)).toBe('appended');
    expect(await ledger.read(stream, signal)).toEqual([first, second]);
    expect(reads).toHaveLength(1);
  });

  it('reads a stream again that has grown elsewhere, once an append has met that', async () => {
    const { ledger, behind, reads } = underTest();
    await ledger.read(stream, signal);
    await behind.append(entryAfter(undefined, 'elsewhere'), signal);
    expect(await ledger.append(first, signal)).toBe('taken');
    expect(await ledger.read(stream, signal)).toEqual([entryAfter(undefined, 'elsewhere')]);
    expect(reads).toHaveLength(2);
  });

  it('does not take for a whole stream what was appended behind entries that it has not seen', async () => {
    const { ledger, behind } = underTest();
    await ledger.read(stream, signal);
    await behind.append(first, signal);
    await ledger.append(second, signal);
    expect(await ledger.read(stream, signal)).toEqual([first, second]);
  });

  it('does not take for a whole stream what was appended before the stream was read', async () => {
    const { ledger, behind } = underTest();
    await behind.append(first, signal);
    await ledger.append(second, signal);
    expect(await ledger.read(stream, signal)).toEqual([first, second]);
  });
});
