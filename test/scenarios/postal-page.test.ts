import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newestSnapshot } from '../../lib/app/state/postal/postal-report-store.ts';
import type { Snapshot } from '../../lib/core/postal/audit/snapshot.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { type PostalHand, postalHand } from '../../scripts/pictures/postal-hand.ts';
import { untilMessage } from '../../scripts/smoke/workspace-client.ts';
import { chromiumMissing, launchChromium } from '../support/chromium.ts';
import { fromState, maria, oncallChannel, whole, workspaceUnderTest } from '../support/workspace.ts';

if (chromiumMissing !== undefined)
  process.stderr.write(`the first five minutes with Postal are not tested: ${chromiumMissing}\n`);

const [, fiveMinutes = ''] =
  /## The first five minutes\n([\s\S]*?)\n## /.exec(
    readFileSync(new URL('../../README.md', import.meta.url), 'utf8'),
  ) ?? [];
const host = 'gitlab.mail.corp.internal';
const address = 'gitlab@acme.example';

describe.skipIf(chromiumMissing !== undefined).each([
  ['desktop', 'light', { width: 1400, height: 900 }],
  ['phone', 'dark', { width: 390, height: 844 }],
] as const)("README's first five minutes with Postal, on a %s in %s colours", (_, colorScheme, viewport) => {
  let workspace: LocalWorkspace;
  let browser: Browser;
  let page: Page;
  let hand: PostalHand;
  const problems: string[] = [];
  beforeAll(async () => {
    workspace = await workspaceUnderTest(undefined, {
      withPostal: true,
      visibilityTimeoutSeconds: 60,
      watchRules: { down: { looks: 1, of: 1 }, recoverAfter: 1 },
    });
    browser = await launchChromium();
    page = await browser.newPage({ viewport, colorScheme });
    page.on('pageerror', ({ message }) => problems.push(message));
    await page.goto(workspace.pageUrl);
    hand = postalHand(page);
  });
  afterAll(async () => {
    await browser?.close();
    await workspace?.close();
    expect(problems).toEqual([]);
  });

  const port = (): number => workspace.samples.find(({ name }) => name === 'starttls')?.port ?? 0;
  /** A code of README's, with the port that this workspace has. */
  const written = (code: string): string => {
    expect(fiveMinutes).toContain(`\`${code}\``);
    return code.replace('2525', String(port())).replace('/postal-endpoint ', '');
  };
  const inPostal = (text: string) => hand.panel('Postal').getByText(text).first().waitFor({ timeout: 60_000 });
  const answered = (part: string) =>
    untilMessage(
      workspace,
      `"${part}"`,
      (message) => message.visibleTo === maria.id && whole(message).includes(part),
      60_000,
    );
  const reported = (holds: (snapshot: Snapshot) => boolean): Promise<void> =>
    expect
      .poll(
        async () => {
          const newest = await fromState(workspace, newestSnapshot);
          return newest !== undefined && holds(newest.snapshot);
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBe(true);

  test('an IP address in Postal lets mail wait, and audit names the fault', async () => {
    await hand.addEndpoint({ name: 'GitLab', hostname: written('127.20.0.11'), port: Number(written('2525')) });
    await hand.addRoute(written('gitlab'));
    await hand.sendMail(address);
    await inPostal('No SMTP servers were available for acme.example. No hosts to try.');
    await inPostal('1 message waits for GitLab');
    await reported(({ deliveries }) => [...deliveries.values()].some(({ failingNow }) => failingNow));
    await hand.type(written('/postal-endpoint audit 127.20.0.11'));
    const found = whole(await answered('ip-literal'));
    expect(found).toContain('GitLab');
    await page.getByRole('article').filter({ hasText: 'ip-literal' }).waitFor();
  });

  test('a name in its place is entered, and what waited is delivered', async () => {
    await hand.type(
      written(`/postal-endpoint add ${host} 127.20.0.11 --port 2525 --standby 127.20.0.18 --name GitLab`),
    );
    await untilMessage(
      workspace,
      'the announcement',
      ({ metadata, text }) => metadata !== undefined && text.includes(host),
    );
    await hand.changeHostname('GitLab', host);
    await inPostal(`Message for ${address} accepted by 127.20.0.11:${port()} (${host})`);
    await inPostal('Nothing waits.');
    await reported(({ queue, endpoints }) => queue.length === 0 && endpoints[0]?.hostname === host);
    await hand.type(written(`show ${host}`));
    await answered('entered as GitLab in acme/production: 1 route');
  });

  test('a stopped mail server is seen in what waits, and in an alert', { timeout: 240_000 }, async () => {
    await hand.setServer('starttls', 'Stop');
    await hand.sendMail(address);
    await inPostal(`Connection refused - connect(2) for "127.20.0.11" port ${port()}`);
    await inPostal('1 message waits for GitLab');
    await reported(({ queue }) => queue[0]?.count === 1);
    await hand.type(`show ${host}`);
    await answered('1 message waiting since');
    // Mail that failed before may have an alert of its own.
    await untilMessage(
      workspace,
      'the alert',
      ({ channel, text }) => channel === oncallChannel.id && text.includes(host) && text.includes('down'),
      150_000,
    );
  });

  test('once it is started the mail is delivered, and the alert is over', { timeout: 240_000 }, async () => {
    await hand.setServer('starttls', 'Start');
    await hand.open('Postal');
    await inPostal('Nothing waits.');
    expect(await hand.panel('Postal').locator('[data-status]').first().getAttribute('data-status')).toBe('Sent');
    await untilMessage(
      workspace,
      'the end of the alert',
      ({ channel, text }) => channel === oncallChannel.id && text.includes(host) && text.includes('Resolved'),
      150_000,
    );
  });
});
