import { expect, it } from 'vitest';
import { resumeBulk } from '../../../lib/app/queue/resume-message.ts';
import { takeLease } from '../../../lib/app/state/lease.ts';
import { addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';

const { signal } = new AbortController();

it('waits for the turn of another bulk longer than the queue delivers one message', async () => {
  const worker = bulkUnderTest();
  await worker.ask(importing(addingMany(2)));
  await worker.work(worker.message(worker.button('Apply 2')));
  worker.queued.splice(0);
  const lease = await takeLease(worker.ports, 'bulk', 600, 'another bulk', signal);
  const resume = resumeBulk(worker.bulkId);
  expect(await worker.work(resume, 1)).toMatchObject({ kind: 'retry' });
  expect(await worker.work(resume, 10)).toEqual({ kind: 'done' });
  expect(worker.queued).toMatchObject([resume]);
  await lease?.release(signal);
  await worker.drain();
  expect((await worker.bulk())?.state).toBe('closed');
});
