import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { chromiumMissing } from '../../support/chromium.ts';
import { callApi, sampleWorkspace } from '../slack/sample-workspace.ts';
import { acknowledged, channel, workspacePage } from './workspace-page.ts';

if (chromiumMissing !== undefined) process.stderr.write(`the page is not tested: ${chromiumMissing}\n`);

describe.skipIf(chromiumMissing !== undefined)('the workspace page', () => {
  const workspace = workspacePage();
  const { composer, send, postAdded } = workspace;

  test('completes a command by keyboard, sends it, and shows the answer to this user alone', async () => {
    await composer().pressSequentially('/po');
    await composer().press('Tab');
    await composer().pressSequentially('st');
    await composer().press('Tab');
    expect(await composer().inputValue()).toBe('/postal-endpoint status ');
    await composer().press('Enter');
    const message = workspace.page().getByRole('article').filter({ hasText: acknowledged });
    await message.getByText('Only visible to you').waitFor();
    expect(workspace.front().requests).toMatchObject([
      { path: '/commands', signatureIsRight: true, body: { text: 'status', user_name: 'maria' } },
    ]);

    await workspace.page().getByLabel('Act as').selectOption('U0LI');
    await workspace.page().getByText('li', { exact: true }).waitFor();
    expect(await workspace.page().getByText(acknowledged).count()).toBe(0);
    await workspace.page().getByLabel('Act as').selectOption('U0MARIA');
    await message.waitFor();
  });

  test('offers host names that were seen, and takes the one that the arrows chose', async () => {
    await postAdded();
    await workspace.page().getByText('Postal will get in, encrypted.').waitFor();
    await composer().fill('/postal-endpoint check ');
    await workspace
      .page()
      .getByRole('option', { name: /gitlab\.mail\.corp\.internal/ })
      .waitFor();
    await composer().press('ArrowDown');
    await composer().press('Enter');
    expect(await composer().inputValue()).toMatch(/^\/postal-endpoint check \S+ $/);
    expect(workspace.front().requests).toEqual([]);
    await composer().press('Escape');
    await composer().press('Enter');
    await workspace.page().getByText(acknowledged).waitFor();
    await composer().press('ArrowUp');
    expect(await composer().inputValue()).toMatch(/^\/postal-endpoint check \S+$/);
  });

  test('first steps fill the composer, fold up once someone has spoken, and stay as this browser left them', async () => {
    const step = workspace.page().getByRole('button', { name: /history/ });
    const fold = workspace.page().getByRole('button', { name: 'Things to try' });
    await step.click();
    expect(await composer().inputValue()).toBe('/postal-endpoint history');
    expect(await composer().and(workspace.page().locator(':focus')).count()).toBe(1);
    await workspace.page().getByRole('button', { name: 'whoami', exact: true }).click();
    expect(await composer().inputValue()).toBe('/postal-endpoint whoami');
    await send('hello');
    await workspace.page().getByRole('article').getByText('hello').waitFor();
    expect(await fold.getAttribute('aria-expanded')).toBe('false');
    expect(await step.count()).toBe(0);
    await fold.click();
    await step.waitFor();
    await workspace.page().reload();
    await step.waitFor();
  });

  test('shows a message as Slack would, live, and its buttons work', async () => {
    await postAdded();
    const message = workspace.page().getByRole('article').filter({ hasText: 'gitlab.mail.corp.internal added' });
    await message.getByText('@maria').waitFor();
    expect(await message.getByText(/^today \d\d:\d\d$/).count()).toBe(1);
    expect(await message.getByRole('link', { name: 'Open Postal' }).getAttribute('href')).toBe(
      'https://postal.example.com/',
    );
    await message.getByRole('button', { name: 'Check again' }).click();
    await expect
      .poll(() => workspace.front().requests.at(-1)?.body)
      .toMatchObject({ type: 'block_actions', actions: [{ action_id: 'check', value: '01JD8Z7Q' }] });
  });

  test('asks before a button that carries a question', async () => {
    await postAdded();
    const undo = workspace.page().getByRole('article').getByRole('button', { name: 'Undo' });
    await undo.click();
    await workspace.page().getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await workspace.page().getByRole('dialog').waitFor({ state: 'detached' });
    expect(workspace.front().requests).toEqual([]);
    await undo.click();
    await workspace.page().getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
    await expect
      .poll(() => workspace.front().requests.at(-1)?.body)
      .toMatchObject({ actions: [{ action_id: 'undo' }] });
  });

  test('a form keeps what was typed, shows each error at its field, and closes when all is well', async () => {
    await send('/postal-endpoint add');
    const form = workspace.page().getByRole('dialog', { name: 'Add an endpoint' });
    await form.getByLabel('Port').fill('70000');
    await form.getByRole('button', { name: 'Add' }).click();
    await form.getByText('Please complete this required field.').first().waitFor();
    expect(await form.getByLabel('Hostname').and(workspace.page().locator(':focus')).count()).toBe(1);
    await form.getByLabel('Hostname').fill('gitlab.mail.corp.internal');
    await form.getByLabel('Targets').fill('10.0.4.12\n10.0.4.13');
    await form.getByLabel('SSL mode').selectOption('TLS');
    await form.getByLabel('Owner').selectOption('U0LI');
    await form.getByRole('button', { name: 'Add' }).click();
    await form.getByText('Postal would connect to port 4464').waitFor();
    expect(await form.getByLabel('Port').getAttribute('aria-invalid')).toBe('true');
    expect(await form.getByLabel('Hostname').inputValue()).toBe('gitlab.mail.corp.internal');
    await form.getByLabel('Port').fill('25');
    await form.getByRole('button', { name: 'Add' }).click();
    await form.waitFor({ state: 'detached' });
    expect(workspace.front().requests.at(-1)?.body).toMatchObject({
      view: {
        state: {
          values: {
            hostname: { v: { value: 'gitlab.mail.corp.internal' } },
            targets: { v: { value: '10.0.4.12\n10.0.4.13' } },
            ssl: { v: { selected_option: { value: 'TLS' } } },
            owner: { v: { selected_user: 'U0LI' } },
          },
        },
      },
    });
  });

  test('Escape closes a form', async () => {
    await send('/postal-endpoint add');
    await workspace.page().getByRole('dialog').waitFor();
    await workspace.page().keyboard.press('Escape');
    await workspace.page().getByRole('dialog').waitFor({ state: 'detached' });
    expect(workspace.slack().store.views('U0MARIA')).toEqual([]);
  });

  test('opening the home brings it up to date', async () => {
    await workspace.page().getByRole('link', { name: sampleWorkspace.bot.name }).click();
    await workspace.page().getByText('12 endpoints').waitFor();
    expect(workspace.front().requests.at(-1)).toMatchObject({
      path: '/events',
      body: { event: { type: 'app_home_opened' } },
    });
  });

  test('direct messages stand beside the home: marked while unread, live, for this user alone', async () => {
    const app = workspace.page().getByRole('link', { name: sampleWorkspace.bot.name });
    const tab = workspace.page().getByRole('link', { name: 'Messages' });
    await app.click();
    await workspace.page().getByText('12 endpoints').waitFor();
    const { body } = await callApi(workspace.slack().apiUrl, 'chat.postMessage', {
      channel: 'U0MARIA',
      text: 'gitlab.mail.corp.internal added',
    });
    await workspace.page().locator('.ws-tabs .ws-unread').waitFor();
    expect(await workspace.page().locator('.ws-sidebar .ws-unread').innerText()).toContain(sampleWorkspace.bot.name);
    await tab.click();
    await workspace.page().getByRole('article').getByText('gitlab.mail.corp.internal added').waitFor();
    await expect.poll(() => workspace.page().locator('.ws-unread').count()).toBe(0);

    await composer().fill('/postal-endpoint status');
    await composer().press('Enter');
    await workspace.page().getByRole('article').getByText(acknowledged).waitFor();
    expect(workspace.front().requests.at(-1)?.body).toMatchObject({
      channel_id: 'D0MARIA',
      channel_name: 'directmessage',
    });

    const link = await callApi(workspace.slack().apiUrl, 'chat.getPermalink', {
      channel: 'D0MARIA',
      message_ts: body['ts'],
    });
    await workspace.page().goto('about:blank');
    await workspace.page().goto(String(link.body['permalink']));
    await workspace.page().locator('.ws-target').getByText('gitlab.mail.corp.internal added').waitFor();
    await workspace.page().getByLabel('Act as').selectOption('U0LI');
    await workspace.page().getByText('li', { exact: true }).waitFor();
    expect(await workspace.page().getByRole('article').count()).toBe(0);
  });

  test('a permalink leads to its message', async () => {
    const wanted = workspace.slack().store.add({ channel, author: 'U0LI', text: 'the one', blocks: [] });
    for (let number = 0; number < 60; number += 1)
      workspace.slack().store.add({ channel, author: 'U0LI', text: `line ${number}`, blocks: [] });
    const { body } = await callApi(workspace.slack().apiUrl, 'chat.getPermalink', { channel, message_ts: wanted.ts });
    await workspace.page().goto(String(body['permalink']));
    await expect.poll(() => workspace.page().getByText('the one').isVisible()).toBe(true);
    await expect
      .poll(() =>
        workspace
          .page()
          .getByText('the one')
          .evaluate((element) => element.getBoundingClientRect().top),
      )
      .toBeGreaterThan(50);
  });

  test('text from outside stays text', async () => {
    const nasty =
      '<img src=x onerror=document.title="owned"> &lt;script&gt; <javascript:alert(1)|click> # not a heading';
    workspace.slack().store.add({ channel, author: 'U0GUEST', text: nasty, blocks: [] });
    await workspace.page().getByText('# not a heading').waitFor();
    expect(await workspace.page().locator('.ws-content img, .ws-content script').count()).toBe(0);
    expect(await workspace.page().locator('.ws-content a[href^="javascript"]').count()).toBe(0);
    expect(await workspace.page().title()).not.toBe('owned');
  });

  test('says when the app does not answer', async () => {
    await workspace.front().close();
    await send('/postal-endpoint status');
    await workspace.page().getByText('failed with the error "dispatch_failed"').waitFor();
  });

  test('fits a phone, in light and dark', async () => {
    // One folder, written over each time, for a person to look at.
    const shots = join(tmpdir(), 'postal-endpoint-page');
    await mkdir(shots, { recursive: true });
    await send('/postal-endpoint add gitlab.mail.corp.internal 10.0.4.12');
    await workspace.page().getByText(acknowledged).waitFor();
    await postAdded();
    await workspace.page().getByText('Postal will get in, encrypted.').waitFor();
    await send('/postal-endpoint add 10.0.4.12 --port 70000');
    await workspace.page().getByText('2 problems').waitFor();
    for (const colours of ['light', 'dark'] as const) {
      if (colours === 'dark') await workspace.page().getByRole('button', { name: 'Dark colours' }).click();
      for (const width of [1280, 390]) {
        await workspace.page().setViewportSize({ width, height: 844 });
        await workspace.page().screenshot({ path: join(shots, `${colours}-${width}.png`) });
        expect(await workspace.page().evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      }
    }
    await workspace.page().getByRole('button', { name: 'Channels' }).click();
    await workspace.page().getByRole('link', { name: 'mail-oncall' }).click();
    await workspace.page().getByRole('heading', { name: '#mail-oncall' }).first().waitFor();
    await workspace.page().getByRole('button', { name: 'Channels' }).click();
    await workspace.page().keyboard.press('Escape');
    await workspace.page().getByRole('link', { name: 'mail-oncall' }).waitFor({ state: 'hidden' });
  });
});
