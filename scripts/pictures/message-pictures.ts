import type { Browser, Page } from 'playwright-core';
import type { PageState } from '../../lib/local/slack/page-protocol.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { localPeople } from '../../lib/local/workspace-seed.ts';
import type { Told } from './message-story.ts';
import { palettePng } from './palette-png.ts';
import { writePicture } from './write-picture.ts';

const [maria] = localPeople.users;
const sidebarWidth = 248;
const messageWidth = 720;

/** A page as this person sees it. */
const openAs = async (browser: Browser, workspace: LocalWorkspace, userId: string): Promise<Page> => {
  const viewport = { width: sidebarWidth + messageWidth, height: 1600 };
  const page = await browser.newPage({ viewport, deviceScaleFactor: 2, colorScheme: 'light', reducedMotion: 'reduce' });
  await page.addInitScript((id) => localStorage.setItem('workspace-user', id), userId);
  await page.goto(workspace.pageUrl);
  return page;
};

const shoot = async (page: Page, selector: string, name: string): Promise<void> => {
  const png = await page.locator(selector).screenshot({ animations: 'disabled' });
  await writePicture(`messages/${name}.png`, palettePng(png));
};

/** One message, as it stood when it was kept, alone on the page. */
const takeMessage = async (browser: Browser, workspace: LocalWorkspace, { name, reader, message }: Told): Promise<void> => {
  const page = await openAs(browser, workspace, reader.id);
  await page.route('**/page/state?*', async (route) => {
    const response = await route.fetch();
    const state: PageState = await response.json();
    const pages = Object.fromEntries(
      Object.keys(state.pages).map((id) => [id, { messages: id === message.channel ? [message] : [], hasEarlier: false }]),
    );
    await route.fulfill({ response, json: { ...state, pages, views: [], firstSteps: [] } });
  });
  const channel = localPeople.channels.find(({ id }) => id === message.channel)?.name ?? '';
  await page.goto(`${workspace.pageUrl}/#${channel}`);
  await page.reload();
  await page.locator('article').waitFor();
  await page.evaluate('Promise.all([...document.images].map((image) => image.decode()))');
  await page.mouse.move(1, 1);
  await shoot(page, 'article', name);
  await page.close();
};

const takeForm = async (browser: Browser, workspace: LocalWorkspace): Promise<void> => {
  const page = await openAs(browser, workspace, maria.id);
  const field = page.getByRole('combobox', { name: /^Message / });
  await field.fill(`${localPeople.command} add`);
  await field.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.evaluate('document.activeElement?.blur()');
  await shoot(page, 'dialog, [role="dialog"]', 'add-form');
  await page.close();
};

const takeHome = async (browser: Browser, workspace: LocalWorkspace): Promise<void> => {
  const page = await openAs(browser, workspace, maria.id);
  await page.goto(`${workspace.pageUrl}/#/home`);
  await page.locator('.ws-home .bk-header, .ws-home h1, .ws-home h2, .ws-home h3').first().waitFor();
  await shoot(page, '.ws-home', 'home');
  await page.close();
};

/** Takes every message of the story, the form of `add`, and App Home. */
export const takeMessages = async (browser: Browser, workspace: LocalWorkspace, messages: readonly Told[]): Promise<void> => {
  for (const told of messages) await takeMessage(browser, workspace, told);
  await takeForm(browser, workspace);
  await takeHome(browser, workspace);
};
