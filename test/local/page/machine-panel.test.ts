import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createMachine } from '../../../lib/local/machine.ts';
import { createLocalRoute53, type LocalRoute53 } from '../../../lib/local/route53/local-route53.ts';
import { buildPage } from '../../../lib/local/slack/page-api/page-bundle.ts';
import { type SmtpSample, startSmtpSamples } from '../../../lib/local/smtp/samples.ts';
import { chromiumMissing, launchChromium } from '../../support/chromium.ts';
import { startSampleSlack } from '../slack/sample-workspace.ts';

const clock = { now: Date.now, sleep: () => Promise.resolve() };
const zone = { id: 'Z0CORP', name: 'corp.internal' };
const host = 'gitlab.mail.corp.internal';

if (chromiumMissing !== undefined)
  process.stderr.write(`the panel of this machine is not tested: ${chromiumMissing}\n`);

describe.skipIf(chromiumMissing !== undefined)('the panel of this machine', () => {
  let browser: Browser;
  let page: Page;
  let built: ReturnType<typeof buildPage>;
  let open: AsyncDisposableStack;
  let problems: string[];
  let samples: readonly SmtpSample[];
  let route53: LocalRoute53;

  beforeAll(async () => {
    built = buildPage();
    browser = await launchChromium();
    page = await browser.newPage();
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    problems = [];
    open = new AsyncDisposableStack();
    samples = await startSmtpSamples({
      port: 0,
      implicitTlsPort: 0,
      certificateNames: ['*.mail.corp.internal'],
      nowEpochMs: Date.now(),
    });
    open.defer(async () => void (await Promise.all(samples.map((sample) => sample.close()))));
    route53 = createLocalRoute53({ clock, zones: [zone] });
    const machine = createMachine({
      samples,
      hosted: route53.hosted,
      zone,
      alerts: { channel: 'mail-oncall', withinMinutes: 2 },
    });
    const slack = await startSampleSlack({ clock, machine, page: () => built });
    open.defer(() => slack.close());
    await page.setViewportSize({ width: 1400, height: 900 });
    await page.goto(slack.url);
    await page.getByRole('textbox', { name: /^Message / }).waitFor();
  });
  afterEach(async () => {
    await page.goto('about:blank');
    await open.disposeAsync();
    expect(problems).toEqual([]);
  });

  const panel = () => page.getByRole('complementary', { name: 'This machine' });
  const records = () => {
    const zoneNow = route53.hosted.get(zone.id);
    const sets = zoneNow.ok ? [...zoneNow.value.recordSets.values()] : [];
    return sets
      .filter(({ name }) => name === host)
      .map(({ type, values, ttlSeconds }) => [type, values.join(' '), ttlSeconds]);
  };

  test('stops a mail server and starts it again', async () => {
    expect(
      await panel()
        .getByRole('button', { name: /^Stop / })
        .count(),
    ).toBe(samples.length);
    await panel().getByRole('button', { name: 'Stop starttls' }).click();
    await panel().getByRole('button', { name: 'Start starttls' }).waitFor();
    expect(samples.map((sample) => sample.isUp())).toEqual([false, true, true, true, true, true, true]);
    await panel().getByRole('button', { name: 'Start starttls' }).click();
    await panel().getByRole('button', { name: 'Stop starttls' }).waitFor();
    expect(samples.every((sample) => sample.isUp())).toBe(true);
  });

  test('edits and deletes what the bot has written, and says what Route 53 does not take', async () => {
    route53.put(zone.id, [{ name: host, type: 'A', ttlSeconds: 60, values: ['127.20.0.11'] }]);
    await panel()
      .getByRole('button', { name: `Edit A ${host}` })
      .click();
    const form = panel().getByRole('form', { name: 'Write a record' });
    expect(await form.getByLabel('Values').inputValue()).toBe('127.20.0.11');
    await form.getByLabel('Values').fill('elsewhere');
    await form.getByRole('button', { name: 'Save' }).click();
    await panel().getByRole('alert').getByText('not a valid IPv4 address').waitFor();
    await form.getByLabel('Values').fill('127.20.0.12');
    await form.getByLabel('TTL').fill('300');
    await form.getByRole('button', { name: 'Save' }).click();
    await panel().getByText('A 127.20.0.12').waitFor();
    expect(records()).toEqual([['A', '127.20.0.12', 300]]);
    expect(await panel().getByRole('alert').count()).toBe(0);

    await panel()
      .getByRole('button', { name: `Delete A ${host}` })
      .click();
    await panel().getByText('The zone has no records yet.').waitFor();
    expect(records()).toEqual([]);
  });

  test('stays closed as this browser left it, and lies over the messages only on demand where there is no room beside them', async () => {
    const toggle = page.getByRole('button', { name: 'This machine', exact: true });
    await panel().getByRole('button', { name: 'Close the panel' }).click();
    await panel().waitFor({ state: 'detached' });
    await page.reload();
    await toggle.waitFor();
    expect(await panel().count()).toBe(0);
    await toggle.click();
    await panel().waitFor();
    await page.setViewportSize({ width: 420, height: 860 });
    await panel().waitFor({ state: 'detached' });
    await toggle.click();
    await panel().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(420);
    await page.setViewportSize({ width: 1400, height: 900 });
    await panel().waitFor();
  });

  test('the composer shows no scroll bar for a single line, however narrow the window', async () => {
    await page.setViewportSize({ width: 420, height: 860 });
    const field = page.getByRole('textbox', { name: /^Message / });
    expect(await field.getAttribute('style')).toContain('overflow-y: hidden');
    await field.fill('line\n'.repeat(20));
    expect(await field.getAttribute('style')).toContain('overflow-y: auto');
  });
});
