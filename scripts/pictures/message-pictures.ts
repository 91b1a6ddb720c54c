import type { Browser, Page } from 'playwright-core';
import type { PageState } from '../../lib/local/slack/page-api/page-protocol.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { localPeople } from '../../lib/local/workspace-seed.ts';
import type { Told } from './message-story.ts';
import { writePicture } from './write-picture.ts';

const [maria] = localPeople.users;
const sidebarWidth = 248;
const messageWidth = 720;
/** Of what is wide: tables of many columns, and the home. */
const wideWidth = 900;
const wide = new Set(['audit', 'history', 'list', 'report']);
/** Long or with a picture of its own: at their own size, so that the file stays small. */
const dense = new Set(['show', 'report', 'doctor', 'history', 'check', 'list']);
const marginBelow = 16;

/** Messages that are read on a phone at night: also taken 390 px wide and dark. */
const onPhone = new Set(['alert', 'failover', 'list', 'report']);
const phoneWidth = 390;

type Look = { readonly width: number; readonly scale: number; readonly colorScheme: 'light' | 'dark' };

/** A page as this person sees it; below 700 px it has no sidebar. */
const openAs = async (
  browser: Browser,
  userId: string,
  { width, scale, colorScheme }: Look = { width: sidebarWidth + messageWidth, scale: 1.5, colorScheme: 'light' },
): Promise<Page> => {
  const viewport = { width, height: 1600 };
  const page = await browser.newPage({ viewport, deviceScaleFactor: scale, colorScheme, reducedMotion: 'reduce' });
  await page.addInitScript((id) => sessionStorage.setItem('workspace-user', id), userId);
  return page;
};

/** Takes what is there, in whole pixels; down to the lowest of `within`, where that is given. */
const shoot = async (page: Page, selector: string, name: string, within?: string): Promise<void> => {
  const box = await page.locator(selector).boundingBox();
  const lowest = within === undefined ? null : await page.locator(`${selector} ${within}`).last().boundingBox();
  if (box === null) throw new Error(`there is no ${selector} for the picture ${name}`);
  const [x, y] = [Math.ceil(box.x), Math.ceil(box.y)];
  const bottom = lowest === null ? box.y + box.height : lowest.y + lowest.height + marginBelow;
  const clip = { x, y, width: Math.floor(box.x + box.width) - x, height: Math.floor(bottom) - y };
  await writePicture(`messages/${name}.png`, await page.screenshot({ clip, animations: 'disabled' }));
  await page.close();
};

/** One message, as it stood when it was kept, alone on the page. */
const takeMessage = async (
  browser: Browser,
  { pageUrl }: LocalWorkspace,
  { name, reader, message }: Told,
  suffix: '' | '-phone',
): Promise<void> => {
  const look: Look =
    suffix === '-phone'
      ? { width: phoneWidth, scale: 1.5, colorScheme: 'dark' }
      : {
          width: sidebarWidth + (wide.has(name) ? wideWidth : messageWidth),
          scale: dense.has(name) ? 1.25 : 1.5,
          colorScheme: 'light',
        };
  const page = await openAs(browser, reader.id, look);
  await page.route('**/page/state?*', async (route) => {
    const response = await route.fetch();
    const state: PageState = await response.json();
    const pages = Object.fromEntries(
      Object.keys(state.pages).map((id) => [
        id,
        { messages: id === message.channel ? [message] : [], hasEarlier: false },
      ]),
    );
    await route.fulfill({ response, json: { ...state, pages } });
  });
  const channel = localPeople.channels.find(({ id }) => id === message.channel)?.name ?? '';
  await page.goto(`${pageUrl}/#${channel}`);
  await page.locator('article').waitFor();
  await page.evaluate('Promise.all([...document.images].map((image) => image.decode()))');
  await shoot(page, 'article', `${name}${suffix}`);
};

const takeHome = async (browser: Browser, { pageUrl }: LocalWorkspace): Promise<void> => {
  const page = await openAs(browser, maria.id, {
    width: sidebarWidth + wideWidth,
    scale: 1,
    colorScheme: 'light',
  });
  await page.goto(`${pageUrl}/#/home`);
  await page.getByRole('button', { name: 'Add endpoint' }).waitFor();
  await shoot(page, '.ws-home', 'home', '*');
};

const takeForm = async (browser: Browser, { pageUrl }: LocalWorkspace): Promise<void> => {
  const page = await openAs(browser, maria.id);
  await page.goto(pageUrl);
  const field = page.getByRole('textbox', { name: /^Message / });
  await field.fill(`${localPeople.command} add`);
  await field.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.evaluate('document.activeElement?.blur()');
  await shoot(page, '.ws-modal', 'add-form');
};

/** Takes every message of the story, App Home, and the form of `add`, which stays open. */
export const takeMessages = async (
  browser: Browser,
  workspace: LocalWorkspace,
  messages: readonly Told[],
): Promise<void> => {
  for (const told of messages) await takeMessage(browser, workspace, told, '');
  for (const told of messages.filter(({ name }) => onPhone.has(name)))
    await takeMessage(browser, workspace, told, '-phone');
  await takeHome(browser, workspace);
  await takeForm(browser, workspace);
};
