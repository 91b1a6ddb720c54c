import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { keepPostalMessage } from '../../../lib/app/postal/keep-postal-message.ts';
import type { PostalMessage } from '../../../lib/app/queue/postal-message.ts';
import { newestSnapshot } from '../../../lib/app/state/postal/postal-report-store.ts';
import { snapshotReportJson } from '../../../lib/core/postal/reports/snapshot-report.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const signal = (): AbortSignal => AbortSignal.timeout(5_000);

const shown = async (messages: (nowMs: number) => readonly PostalMessage[]): Promise<string> => {
  const worker = workerUnderTest();
  const { state, log, clock } = worker.ports;
  const ports = {
    state,
    log,
    now: clock.now,
    snapshot: async () => (await newestSnapshot(state, signal()))?.snapshot,
    recipientKey: async () => 'recipients-0123456789abcdef0123456789ab',
  };
  for (const message of messages(clock.now())) await keepPostalMessage(ports, message, signal());
  await worker.say(`show ${host}`);
  return worker.lastReply().replaceAll(/<!date\^\d+\^[^|]*\|[^>]*>/g, 'TIME');
};

type Event = Extract<PostalMessage, { kind: 'webhook' }>['event'];
const webhook = (
  nowMs: number,
  messageId: number,
  status: Event['status'],
  more: Partial<Event> = {},
): PostalMessage => ({
  kind: 'webhook',
  server: 'acme/production',
  receivedAtMs: nowMs,
  event: {
    uuid: `00000000-0000-4000-8000-${String(messageId).padStart(12, '0')}`,
    atMs: nowMs - 60_000,
    messageId,
    status,
    details: `No SMTP servers were available for acme.example. Tried ${host}.`,
    output: '',
    isEncrypted: false,
    ...more,
  },
});

const report = (nowMs: number): PostalMessage => ({
  kind: 'report',
  sender: 'postal1',
  part: null,
  atMs: nowMs,
  signedAtMs: nowMs,
  receivedAtMs: nowMs,
  packed: gzipSync(snapshotReportJson({ part: null, snapshot: sampleSnapshot(nowMs) })).toString('base64'),
});

it('counts what webhooks said of the hostname', async () => {
  const reply = await shown((now) => [
    webhook(now, 1, 'SoftFail'),
    webhook(now, 2, 'SoftFail'),
    webhook(now, 3, 'HardFail'),
    webhook(now, 4, 'SoftFail', {
      details: 'No SMTP servers were available for acme.example. Tried other.mail.corp.internal.',
    }),
  ]);
  expect(reply).toContain('*Webhooks of acme/production*: 2 messages deferred, 1 bounced since TIME, the last TIME.');
});

it('says nothing of webhooks after an accepted message', async () => {
  const reply = await shown((now) => [
    webhook(now, 1, 'SoftFail'),
    webhook(now, 2, 'Sent', { atMs: now - 30_000, details: `Message for a@b accepted by ${host} (10.0.4.12)` }),
  ]);
  expect(reply).not.toContain('Webhooks of');
});

it('leaves to a newer report what webhooks said before it', async () => {
  const before = await shown((now) => [report(now - 120_000), webhook(now, 1, 'SoftFail')]);
  expect(before).toContain('1 message deferred');
  expect(await shown((now) => [webhook(now, 1, 'SoftFail'), report(now)])).not.toContain('Webhooks of');
});
