import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWebApiFileUpload } from '../../../../lib/adapters/slack/web-api-file-upload.ts';
import { createWebApiMessenger } from '../../../../lib/adapters/slack/web-api-messenger.ts';
import { chromiumMissing, launchChromium } from '../../../support/chromium.ts';
import { botToken, startSampleSlack } from '../../slack/sample-workspace.ts';

const clock = { now: Date.now, sleep: () => Promise.resolve() };
const channel = 'C0ENDPOINT';
const never = new AbortController().signal;
// A red PNG of 2 × 2.
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
  'base64',
);

if (chromiumMissing !== undefined) process.stderr.write(`files on the page are not tested: ${chromiumMissing}\n`);

describe.skipIf(chromiumMissing !== undefined)('files on the page', () => {
  let browser: Browser;
  let slack: Awaited<ReturnType<typeof startSampleSlack>>;
  beforeAll(async () => {
    browser = await launchChromium();
    slack = await startSampleSlack({ clock });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await slack?.close();
  });

  test('a picture shows with its alternative text, alone or in a block; anything else has a name, a size and a download', async () => {
    const options = { botToken: async () => botToken, slackApiUrl: slack.apiUrl, clock };
    const { upload } = createWebApiFileUpload(options);
    const picture = { name: 'red.png', title: 'Latency', bytes: png, altText: 'it falls' };
    await upload({ ...picture, destination: channel }, never);
    const hidden = await upload(picture, never);
    if (!hidden.ok) throw new Error(JSON.stringify(hidden));
    const blocks = [{ type: 'image', slack_file: { id: hidden.value.fileId }, alt_text: 'in a block' } as const];
    const messenger = createWebApiMessenger(options);
    const posted = () => messenger.post(channel, { text: 'x', blocks }, { event_type: 'e', event_payload: {} }, never);
    // Slack shows a file only about a second after its upload.
    await expect.poll(async () => (await posted()).ok, { timeout: 30_000, interval: 500 }).toBe(true);
    const jsonl = { name: 'history.jsonl', title: 'History', bytes: Buffer.from('{"a":1}\n') };
    await upload({ ...jsonl, destination: channel, comment: '1 entry' }, never);

    const page = await browser.newPage();
    await page.goto(slack.url);
    for (const altText of ['it falls', 'in a block']) {
      const image = page.getByRole('img', { name: altText });
      await image.waitFor();
      await expect
        .poll(() => image.evaluate((element) => Reflect.get(element, 'naturalWidth')), { timeout: 30_000 })
        .toBe(2);
    }
    const link = page.getByRole('link', { name: /History/ });
    expect(await link.innerText()).toContain('history.jsonl · 8 bytes');
    const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).toBe('history.jsonl');
    expect(readFileSync(await download.path(), 'utf8')).toBe('{"a":1}\n');
    await page.close();
  }, 120_000);
});
