import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listReports } from '../../lib/app/state/postal/postal-report-store.ts';
import { listTallies } from '../../lib/app/state/postal/webhook-store.ts';
import { summaryOf } from '../../lib/core/postal/webhooks/webhook-tally.ts';
import { webhookBody, webhookRequest } from '../../lib/local/postal/webhook-request.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { sendReport } from '../../lib/shell/audit/send-report.ts';
import { untilMessage, workspaceClient } from '../../scripts/smoke/workspace-client.ts';
import { sampleSnapshot } from '../support/sample-snapshot.ts';
import { fromState, maria, whole, workspaceUnderTest } from '../support/workspace.ts';

let workspace: LocalWorkspace;
beforeAll(async () => {
  workspace = await workspaceUnderTest();
});
afterAll(() => workspace.close());

const report = (atMs: number) => {
  const { snapshotUrl, sender, reportKey } = workspace.postal;
  const destination = { url: new URL(snapshotUrl), sender, key: reportKey };
  return sendReport(sampleSnapshot(atMs), destination, Date.now, AbortSignal.timeout(20_000));
};

/** Sends a webhook as Postal does. */
const deliver = async (body: string): Promise<number> => {
  const { webhookUrl, signingKey } = workspace.postal;
  const response = await fetch(webhookUrl, {
    ...webhookRequest(body, signingKey),
    signal: AbortSignal.timeout(20_000),
  });
  return response.status;
};

const told = (part: string) =>
  untilMessage(
    workspace,
    `"${part}"`,
    (message) => message.visibleTo === maria.id && whole(message).includes(part),
    60_000,
  );

test('what Postal reports is in show and audit, and an older report is refused', async () => {
  const atMs = Date.now();
  expect(await report(atMs)).toMatchObject({ exitCode: 0 });
  await expect
    .poll(async () => (await fromState(workspace, listReports)).map((head) => head.atMs), { timeout: 30_000 })
    .toEqual([atMs]);
  const client = workspaceClient(workspace, maria.id);
  await client.say('audit --server acme/production');
  await told('as postal1 reported less than 1 min ago');
  expect(await report(atMs)).toMatchObject({ exitCode: 3, text: expect.stringContaining('409') });
  await client.say('show gitlab.mail.corp.internal');
  expect(whole(await told('In Postal'))).toContain('entered as GitLab in acme/production');
});

test('what fails in Postal at an endpoint that nobody registered is an incident, with numbers, source and a proposal', async () => {
  const alert = await untilMessage(
    workspace,
    'an incident of 10.0.4.12',
    (message) => whole(message).includes('10.0.4.12: mail fails'),
    120_000,
  );
  const text = whole(alert);
  expect(text).toContain('In Postal: 27 messages have waited since');
  expect(text).toContain('reported by postal1');
  expect(text).toContain('import --from-postal --only 10.0.4.12');
  expect(text).not.toContain('failover 10.0.4.12');
  expect(text).not.toMatch(/SECRET|SUBJECT/);
});

test('fifty webhooks at once are counted once each, and those that come twice as well', async () => {
  const bodies = Array.from({ length: 50 }, (_, index) =>
    webhookBody({ atMs: Date.now() - index, messageId: 1000 + index }),
  );
  // At most ten requests are taken at once; what was not taken, or got no answer, is sent again, as Postal does.
  const deliverUntilTaken = async (body: string): Promise<void> => {
    while ((await deliver(body).catch(() => undefined)) !== 200);
  };
  await Promise.all([...bodies, ...bodies.slice(0, 10)].map(deliverUntilTaken));
  await expect
    .poll(async () => (await fromState(workspace, listTallies)).map(({ tally }) => summaryOf(tally).deferred), {
      timeout: 60_000,
      interval: 500,
    })
    .toEqual([50]);
  expect(readFileSync(workspace.logFile, 'utf8')).not.toMatch(/SECRET/);
  expect(readFileSync(workspace.logFile, 'utf8')).not.toContain(workspace.postal.webhookToken);
});
