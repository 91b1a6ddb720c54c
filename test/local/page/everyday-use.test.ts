import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumMissing } from '../../support/chromium.ts';
import { callApi, sampleWorkspace } from '../slack/sample-workspace.ts';
import { channel, workspacePage } from './workspace-page.ts';

describe.skipIf(chromiumMissing !== undefined)('the workspace page', () => {
  const workspace = workspacePage();
  const { composer, send, postAdded } = workspace;
  const focused = (): Promise<string> =>
    workspace.page().evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.innerText');
  const sayAs = (user: string, text: string, where = 'C0ONCALL') =>
    workspace.slack().store.add({ channel: where, author: user, text, blocks: [] });
  const unread = (page: Page = workspace.page()) => page.locator('.ws-sidebar .ws-unread').allInnerTexts();

  test.each([
    '%E0%A4%A',
    '%',
    '%%/%ff',
    'nowhere',
    '/',
    '//',
    'postal-endpoint/%',
    '/home/%E0',
    '<script>',
    '__proto__',
  ])('opens at #%s, whatever that is', async (hash) => {
    await workspace.page().goto('about:blank');
    await workspace.page().goto(`${workspace.slack().url}/#${hash}`);
    await workspace.page().getByRole('heading', { level: 1 }).waitFor();
    await workspace.page().evaluate('location.hash = "#%E0%A4%A"');
    await composer().waitFor();
  });

  test('a message that could not be sent is back in the field, with what was typed meanwhile', async () => {
    await workspace.page().route('**/page/say', async (route) => {
      await composer().fill('typed since');
      await route.abort();
    });
    await send('/postal-endpoint status');
    await workspace.page().getByRole('alert').getByText('does not answer').waitFor();
    expect(await composer().inputValue()).toBe('/postal-endpoint status\ntyped since');
    await workspace.page().unroute('**/page/say');
    await workspace.page().route('**/page/say', (route) => route.abort());
    await send('hello');
    await expect.poll(() => composer().inputValue()).toBe('hello');
    await workspace.page().unroute('**/page/say');
    await composer().press('Enter');
    await workspace.page().getByRole('article').getByText('hello').waitFor();
    expect(await composer().inputValue()).toBe('');
    workspace.forgive(/net::ERR_FAILED/);
  });

  test('what is unread stays so over a reload, and the title says so', async () => {
    const title = () => workspace.page().title();
    await expect.poll(title).toBe(`#postal-endpoint · ${sampleWorkspace.team.name}`);
    sayAs('U0LI', 'look at this');
    await expect.poll(() => unread()).toEqual([expect.stringContaining('mail-oncall')]);
    await expect.poll(title).toBe(`(1) #postal-endpoint · ${sampleWorkspace.team.name}`);
    await workspace.page().reload();
    await composer().waitFor();
    expect(await unread()).toEqual([expect.stringContaining('mail-oncall')]);
    // What comes in while no page is open, too.
    await workspace.page().goto('about:blank');
    sayAs('U0LI', 'and at this', 'C0RANDOM');
    await workspace.page().goto(workspace.slack().url);
    await composer().waitFor();
    expect(await unread()).toHaveLength(2);
    await workspace.page().getByRole('link', { name: 'mail-oncall' }).click();
    await workspace.page().getByRole('link', { name: 'random' }).click();
    await expect.poll(() => unread()).toEqual([]);
    await workspace.page().reload();
    await composer().waitFor();
    expect(await unread()).toEqual([]);
    expect(await title()).toBe(`#random · ${sampleWorkspace.team.name}`);
  });

  test('own messages are never unread, nor is what was there before the first visit', async () => {
    sayAs('U0MARIA', 'mine');
    await workspace.page().evaluate('localStorage.clear()');
    sayAs('U0LI', 'before');
    await workspace.page().goto('about:blank');
    await workspace.page().goto(workspace.slack().url);
    await composer().waitFor();
    // The page may have noted the second message before its storage was emptied.
    await workspace.page().evaluate('localStorage.clear()');
    await workspace.page().reload();
    await composer().waitFor();
    expect(await unread()).toEqual([]);
  });

  test('each tab acts as a user of its own', async () => {
    const other = await workspace.page().context().newPage();
    try {
      await other.goto(workspace.slack().url);
      await other.getByLabel('Act as').selectOption('U0LI');
      await other.getByText('li', { exact: true }).waitFor();
      await workspace.page().reload();
      await composer().waitFor();
      expect(await workspace.page().getByLabel('Act as').inputValue()).toBe('U0MARIA');
      await other.reload();
      await other.getByText('li', { exact: true }).waitFor();
    } finally {
      await other.close();
    }
  });

  test('Escape brings the focus back to where it was', async () => {
    await send('/postal-endpoint add');
    await workspace.page().getByRole('dialog').getByLabel('Hostname').fill('x');
    await workspace.page().keyboard.press('Escape');
    await workspace.page().getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Message #postal-endpoint');

    await postAdded();
    await workspace.page().getByRole('article').getByRole('button', { name: 'Undo' }).press('Enter');
    await workspace.page().getByRole('dialog').waitFor();
    await workspace.page().keyboard.press('Escape');
    await workspace.page().getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(focused).toBe('Undo');
    await workspace.page().keyboard.press('Enter');
    await workspace.page().getByRole('dialog').getByRole('button', { name: 'Undo' }).press('Enter');
    await expect.poll(() => workspace.front().requests.at(-1)?.body).toMatchObject({ type: 'block_actions' });
    await expect.poll(focused).toBe('Undo');

    await workspace.page().setViewportSize({ width: 390, height: 844 });
    await workspace.page().getByRole('button', { name: 'Channels' }).press('Enter');
    await workspace.page().getByRole('link', { name: 'mail-oncall' }).focus();
    await workspace.page().keyboard.press('Escape');
    await expect.poll(focused).toBe('Channels');
  });

  test('where the button that opened a dialog is gone, the focus goes to the page', async () => {
    const { body } = await postAdded();
    await workspace.page().getByRole('article').getByRole('button', { name: 'Undo' }).press('Enter');
    await workspace.page().getByRole('dialog').waitFor();
    await callApi(workspace.slack().apiUrl, 'chat.update', { channel, ts: body['ts'], text: 'undone', blocks: [] });
    await workspace.page().getByText('undone').waitFor({ state: 'attached' });
    await workspace.page().keyboard.press('Escape');
    await expect.poll(() => workspace.page().evaluate('document.activeElement !== document.body')).toBe(true);
  });
});
