import { describe, expect, it } from 'vitest';
import { takeTurn } from '../../../lib/app/bulk/take-turn.ts';
import { messageGroup } from '../../../lib/app/queue/message-group.ts';
import { handOverUnfinished } from '../../../lib/app/watch/unfinished-business.ts';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { adding, addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';

const { signal } = new AbortController();

const watching = ({ ports }: Pick<ReturnType<typeof bulkUnderTest>, 'ports'>) => ({
  ...ports,
  deadLetters: { receive: async () => [], remove: async () => undefined },
});

describe('bulks', () => {
  it('use Route 53 one at a time, and the one whose worker died goes on', async () => {
    const { ports, clock } = bulkUnderTest();
    const deadline = () => ({ atMs: clock.now() + 88_000, signal });
    const first = await takeTurn(ports, 'A', deadline());
    expect(first).toBeDefined();
    expect(await takeTurn(ports, 'B', deadline())).toBeUndefined();
    expect(await takeTurn(ports, 'A', deadline())).toBeDefined();
    await first?.end(signal);
    expect(await takeTurn(ports, 'B', deadline())).toBeDefined();
    await clock.advance(100_000);
    expect(await takeTurn(ports, 'A', deadline())).toBeDefined();
  });

  it('have message groups of their own, which nothing typed can reach', () => {
    const { message } = bulkUnderTest();
    expect(messageGroup({ kind: 'resume', hostname: bulkStream('01J'), changeId: '01J' })).toBe('bulk:01J');
    expect(messageGroup(message('remove bulk:01J'))).toBe('name:bulk:01j');
  });
});

describe('watch', () => {
  it('finds a bulk that was interrupted, and hands it to the worker once', async () => {
    const worker = bulkUnderTest();
    const { ask, work, message, button, clock, drain, bulk, bulkId, queued, ports } = worker;
    const watch = watching(worker);
    await ask(importing(addingMany(4)));
    await work(message(button('Apply 4')));
    // The message that carries it on is lost, and so is the note that it was sent.
    queued.length = 0;
    await ports.state.remove('queued-once', `resume ${bulkId}`, signal);
    expect(await handOverUnfinished(watch, signal)).toBe(0);
    await clock.advance(4 * 60_000);
    expect(await handOverUnfinished(watch, signal)).toBe(1);
    expect(queued).toHaveLength(1);
    await drain();
    expect((await bulk())?.state).toBe('closed');
    await clock.advance(4 * 60_000);
    expect(await handOverUnfinished(watch, signal)).toBe(0);
  });

  it('lets a bulk expire that nobody confirmed', async () => {
    const worker = bulkUnderTest();
    await worker.ask(importing(addingMany(4)));
    await worker.clock.advance(61 * 60_000);
    expect(await handOverUnfinished(watching(worker), signal)).toBe(1);
    await worker.drain();
    expect((await worker.bulk())?.state).toBe('expired');
  });
});

/** With its marker beside it, such a name has the 253 octets that DNS takes. */
const longestName = 253 - '_postal-endpoint.'.length;

describe('the longest names', () => {
  it('fit into every entry and message, however many they are', async () => {
    const label = 'x'.repeat(60);
    const long = (index: number): string => {
      const rest = `${String(index).padStart(4, '0')}${label.slice(4)}.${label}.${label}`;
      const room = longestName - '.corp.internal'.length - rest.length - 1;
      return `${'y'.repeat(room)}.${rest}.corp.internal`;
    };
    const { ask, press, bulk } = bulkUnderTest({
      policy: { bulk: { names: 1_000, share: { of: 1, atLeast: 10 }, planMinutes: 60 } },
    });
    const names = Array.from({ length: 400 }, (_, index) => long(index));
    expect(Buffer.byteLength(names[7] ?? '')).toBe(longestName);
    await ask(importing(names.map((name) => adding(name))));
    await press('Apply 400');
    expect((await bulk())?.state).toBe('closed');
    expect((await bulk())?.outcomes.size).toBe(400);
  });
});
