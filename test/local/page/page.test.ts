import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { table } from '../../../lib/core/grammar/table.ts';
import { buildPage } from '../../../lib/local/slack/page-bundle.ts';
import { chromiumMissing, launchChromium } from '../../support/chromium.ts';
import { addedBlocks, addForm, refusedBlocks, statusHome } from '../slack/sample-blocks.ts';
import { type FrontRequest, startFront } from '../slack/sample-front.ts';
import { callApi, sampleWorkspace, startSampleSlack } from '../slack/sample-workspace.ts';

const systemClock = { now: Date.now, sleep: () => Promise.resolve() };
const channel = 'C0ENDPOINT';
const firstSteps = [
  { line: '/postal-endpoint add gitlab.mail.corp.internal 10.0.4.12', detail: 'Registers a name.' },
  { line: '/postal-endpoint history', detail: 'Tells who changed what.' },
];
const acknowledged = "Adding gitlab.mail.corp.internal → 10.0.4.12, port 25, Auto. I'll post the result here.";

if (chromiumMissing !== undefined) process.stderr.write(`the page is not tested: ${chromiumMissing}\n`);

describe.skipIf(chromiumMissing !== undefined)('the workspace page', () => {
  let browser: Browser;
  let page: Page;
  let built: ReturnType<typeof buildPage>;
  let problems: string[];
  let front: Awaited<ReturnType<typeof startFront>>;
  let slack: Awaited<ReturnType<typeof startSampleSlack>>;

  const answer = async ({ path, body }: FrontRequest) => {
    if (path === '/events') {
      await callApi(slack.apiUrl, 'views.publish', {
        user_id: Object.assign({ user: '' }, body['event']).user,
        view: statusHome,
      });
      return {};
    }
    if (body['text'] === 'add') {
      await callApi(slack.apiUrl, 'views.open', { trigger_id: body['trigger_id'], view: addForm });
      return {};
    }
    if (String(body['text']).startsWith('add 10.')) return { json: { text: 'refused', blocks: refusedBlocks } };
    if (path === '/commands') return { json: { response_type: 'ephemeral', text: acknowledged } };
    if (body['type'] !== 'view_submission') return {};
    const port = JSON.stringify(body['view']).includes('70000');
    return port
      ? { json: { response_action: 'errors', errors: { port: '70000 is above 65535. Postal would connect to 4464' } } }
      : {};
  };

  beforeAll(async () => {
    built = buildPage();
    browser = await launchChromium();
    // One page for all tests: each has a port, and so a storage, of its own.
    page = await browser.newPage({ colorScheme: 'light' });
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    front = await startFront(answer);
    slack = await startSampleSlack({
      clock: systemClock,
      deliver: front.deliver,
      commandTable: table,
      firstSteps,
      page: () => built,
    });
    problems = [];
    await page.setViewportSize({ width: 1280, height: 860 });
    await page.goto(slack.url);
    await composer().waitFor();
  });
  afterEach(async () => {
    await page.goto('about:blank');
    await slack.close();
    await front.close();
    expect(problems).toEqual([]);
  });

  const composer = () => page.getByRole('combobox', { name: /^Message / });
  const send = async (text: string): Promise<void> => {
    await composer().fill(text);
    await composer().press('Enter');
  };
  const postAdded = () =>
    callApi(slack.apiUrl, 'chat.postMessage', {
      channel,
      text: 'gitlab.mail.corp.internal added',
      blocks: addedBlocks(),
    });

  test('completes a command by keyboard, sends it, and shows the answer to this user alone', async () => {
    await composer().pressSequentially('/po');
    await composer().press('Tab');
    await composer().pressSequentially('st');
    await composer().press('Tab');
    expect(await composer().inputValue()).toBe('/postal-endpoint status ');
    await composer().press('Enter');
    const message = page.getByRole('article').filter({ hasText: acknowledged });
    await message.getByText('Only visible to you').waitFor();
    expect(front.requests).toMatchObject([
      { path: '/commands', signatureIsRight: true, body: { text: 'status', user_name: 'maria' } },
    ]);

    await page.getByLabel('Act as').selectOption('U0LI');
    await page.getByText('li', { exact: true }).waitFor();
    expect(await page.getByText(acknowledged).count()).toBe(0);
    await page.getByLabel('Act as').selectOption('U0MARIA');
    await message.waitFor();
  });

  test('offers host names that were seen, and takes the one that the arrows chose', async () => {
    await postAdded();
    await page.getByText('Postal will get in, encrypted.').waitFor();
    await composer().fill('/postal-endpoint check ');
    await page.getByRole('option', { name: /gitlab\.mail\.corp\.internal/ }).waitFor();
    await composer().press('ArrowDown');
    await composer().press('Enter');
    expect(await composer().inputValue()).toMatch(/^\/postal-endpoint check \S+ $/);
    expect(front.requests).toEqual([]);
    await composer().press('Escape');
    await composer().press('Enter');
    await page.getByText(acknowledged).waitFor();
    await composer().press('ArrowUp');
    expect(await composer().inputValue()).toMatch(/^\/postal-endpoint check \S+$/);
  });

  test('first steps fill the composer, fold up once someone has spoken, and stay as this browser left them', async () => {
    const step = page.getByRole('button', { name: /history/ });
    const fold = page.getByRole('button', { name: 'Things to try' });
    await step.click();
    expect(await composer().inputValue()).toBe('/postal-endpoint history');
    expect(await composer().and(page.locator(':focus')).count()).toBe(1);
    await page.getByRole('button', { name: 'whoami', exact: true }).click();
    expect(await composer().inputValue()).toBe('/postal-endpoint whoami');
    await send('hello');
    await page.getByRole('article').getByText('hello').waitFor();
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    expect(await step.count()).toBe(0);
    await fold.click();
    await step.waitFor();
    await page.reload();
    await step.waitFor();
  });

  test('shows a message as Slack would, live, and its buttons work', async () => {
    await postAdded();
    const message = page.getByRole('article').filter({ hasText: 'gitlab.mail.corp.internal added' });
    await message.getByText('@maria').waitFor();
    expect(await message.getByText(/^today \d\d:\d\d$/).count()).toBe(1);
    expect(await message.getByRole('link', { name: 'Open Postal' }).getAttribute('href')).toBe(
      'https://postal.example.com/',
    );
    await message.getByRole('button', { name: 'Check again' }).click();
    await expect
      .poll(() => front.requests.at(-1)?.body)
      .toMatchObject({ type: 'block_actions', actions: [{ action_id: 'check', value: '01JD8Z7Q' }] });
  });

  test('asks before a button that carries a question', async () => {
    await postAdded();
    const undo = page.getByRole('article').getByRole('button', { name: 'Undo' });
    await undo.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(front.requests).toEqual([]);
    await undo.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => front.requests.at(-1)?.body).toMatchObject({ actions: [{ action_id: 'undo' }] });
  });

  test('a form keeps what was typed, shows each error at its field, and closes when all is well', async () => {
    await send('/postal-endpoint add');
    const form = page.getByRole('dialog', { name: 'Add an endpoint' });
    await form.getByLabel('Port').fill('70000');
    await form.getByRole('button', { name: 'Add' }).click();
    await form.getByText('Please complete this required field.').first().waitFor();
    expect(await form.getByLabel('Hostname').and(page.locator(':focus')).count()).toBe(1);
    await form.getByLabel('Hostname').fill('gitlab.mail.corp.internal');
    await form.getByLabel('Targets').fill('10.0.4.12\n10.0.4.13');
    await form.getByLabel('SSL mode').selectOption('TLS');
    await form.getByLabel('Owner').selectOption('U0LI');
    await form.getByLabel(/Dry run/).check();
    await form.getByRole('button', { name: 'Add' }).click();
    await form.getByText('Postal would connect to 4464').waitFor();
    expect(await form.getByLabel('Port').getAttribute('aria-invalid')).toBe('true');
    expect(await form.getByLabel('Hostname').inputValue()).toBe('gitlab.mail.corp.internal');
    await form.getByLabel('Port').fill('25');
    await form.getByRole('button', { name: 'Add' }).click();
    await form.waitFor({ state: 'detached' });
    expect(front.requests.at(-1)?.body).toMatchObject({
      view: {
        state: {
          values: {
            hostname: { v: { value: 'gitlab.mail.corp.internal' } },
            targets: { v: { value: '10.0.4.12\n10.0.4.13' } },
            ssl: { v: { selected_option: { value: 'TLS' } } },
            owner: { v: { selected_user: 'U0LI' } },
            dry: { v: { selected_options: [{ value: 'dry-run' }] } },
          },
        },
      },
    });
  });

  test('Escape closes a form', async () => {
    await send('/postal-endpoint add');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(slack.store.views('U0MARIA')).toEqual([]);
  });

  test('opening the home brings it up to date', async () => {
    await page.getByRole('link', { name: sampleWorkspace.bot.name }).click();
    await page.getByText('12 endpoints').waitFor();
    expect(front.requests.at(-1)).toMatchObject({ path: '/events', body: { event: { type: 'app_home_opened' } } });
  });

  test('direct messages stand beside the home: marked while unread, live, for this user alone', async () => {
    const app = page.getByRole('link', { name: sampleWorkspace.bot.name });
    const tab = page.getByRole('link', { name: 'Messages' });
    await app.click();
    await page.getByText('12 endpoints').waitFor();
    const { body } = await callApi(slack.apiUrl, 'chat.postMessage', {
      channel: 'U0MARIA',
      text: 'gitlab.mail.corp.internal added',
    });
    await page.locator('.ws-tabs .ws-unread').waitFor();
    expect(await page.locator('.ws-sidebar .ws-unread').innerText()).toContain(sampleWorkspace.bot.name);
    await tab.click();
    await page.getByRole('article').getByText('gitlab.mail.corp.internal added').waitFor();
    await expect.poll(() => page.locator('.ws-unread').count()).toBe(0);

    await composer().fill('/postal-endpoint status');
    await composer().press('Enter');
    await page.getByRole('article').getByText(acknowledged).waitFor();
    expect(front.requests.at(-1)?.body).toMatchObject({ channel_id: 'D0MARIA', channel_name: 'directmessage' });

    const link = await callApi(slack.apiUrl, 'chat.getPermalink', { channel: 'D0MARIA', message_ts: body['ts'] });
    await page.goto('about:blank');
    await page.goto(String(link.body['permalink']));
    await page.locator('.ws-target').getByText('gitlab.mail.corp.internal added').waitFor();
    await page.getByLabel('Act as').selectOption('U0LI');
    await page.getByText('li', { exact: true }).waitFor();
    expect(await page.getByRole('article').count()).toBe(0);
  });

  test('a message longer than the window is read from its beginning', async () => {
    await page.setViewportSize({ width: 390, height: 500 });
    await send('hello');
    const blocks = Array.from({ length: 30 }, (_, line) => ({
      type: 'section',
      text: { type: 'mrkdwn', text: `line ${line}.` },
    }));
    await callApi(slack.apiUrl, 'chat.postMessage', { channel, text: 'long', blocks });
    await page.getByText('line 29.').waitFor({ state: 'attached' });
    await expect.poll(() => page.getByText('line 0.').isVisible()).toBe(true);
    const { top, bottom } = await page
      .getByText('line 0.')
      .evaluate((element) => element.getBoundingClientRect().toJSON());
    expect(top).toBeGreaterThan(50);
    expect(bottom).toBeLessThan(300);
  });

  test('the newest message stays in sight when the window gets smaller', async () => {
    for (let number = 0; number < 40; number += 1)
      slack.store.add({ channel, author: 'U0LI', text: `line ${number}.`, blocks: [] });
    const last = page.getByText('line 39.');
    await last.waitFor();
    await page.setViewportSize({ width: 390, height: 400 });
    await expect.poll(() => last.evaluate((element) => element.getBoundingClientRect().bottom)).toBeLessThan(400);
  });

  test('a permalink leads to its message', async () => {
    const wanted = slack.store.add({ channel, author: 'U0LI', text: 'the one', blocks: [] });
    for (let number = 0; number < 60; number += 1)
      slack.store.add({ channel, author: 'U0LI', text: `line ${number}`, blocks: [] });
    const { body } = await callApi(slack.apiUrl, 'chat.getPermalink', { channel, message_ts: wanted.ts });
    await page.goto(String(body['permalink']));
    await expect.poll(() => page.getByText('the one').isVisible()).toBe(true);
    await expect
      .poll(() => page.getByText('the one').evaluate((element) => element.getBoundingClientRect().top))
      .toBeGreaterThan(50);
  });

  test('text from outside stays text', async () => {
    const nasty =
      '<img src=x onerror=document.title="owned"> &lt;script&gt; <javascript:alert(1)|click> # not a heading';
    slack.store.add({ channel, author: 'U0GUEST', text: nasty, blocks: [] });
    await page.getByText('# not a heading').waitFor();
    expect(await page.locator('.ws-content img, .ws-content script').count()).toBe(0);
    expect(await page.locator('.ws-content a[href^="javascript"]').count()).toBe(0);
    expect(await page.title()).toBe('Local workspace');
  });

  test('says when the app does not answer', async () => {
    await front.close();
    await send('/postal-endpoint status');
    await page.getByText('failed with the error "dispatch_failed"').waitFor();
  });

  test('fits a phone, in light and dark', async () => {
    // One folder, written over each time, for a person to look at.
    const shots = join(tmpdir(), 'postal-endpoint-page');
    await mkdir(shots, { recursive: true });
    await send('/postal-endpoint add gitlab.mail.corp.internal 10.0.4.12');
    await page.getByText(acknowledged).waitFor();
    await postAdded();
    await page.getByText('Postal will get in, encrypted.').waitFor();
    await send('/postal-endpoint add 10.0.4.12 --port 70000');
    await page.getByText('2 things to mend').waitFor();
    for (const colours of ['light', 'dark'] as const) {
      if (colours === 'dark') await page.getByRole('button', { name: 'Dark colours' }).click();
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        await page.screenshot({ path: join(shots, `${colours}-${width}.png`) });
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
    }
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('link', { name: 'mail-oncall' }).click();
    await page.getByRole('heading', { name: '#mail-oncall' }).first().waitFor();
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'mail-oncall' }).waitFor({ state: 'hidden' });
  });
});
