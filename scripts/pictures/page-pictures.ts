import type { Browser, Page } from 'playwright-core';
import type { StoredMessage } from '../../lib/local/slack/store/workspace.ts';
import type { SampleName } from '../../lib/local/smtp/samples.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { localPeople, localZone } from '../../lib/local/workspace-seed.ts';
import { untilMessage } from '../smoke/workspace-client.ts';
import { writePicture } from './write-picture.ts';

const [, li] = localPeople.users;
const [auditChannel] = localPeople.channels;
const width = 1200;
/** Heights that look well in a README; the one chosen cuts no message at the top. */
const heights = { least: 640, wished: 800, most: 880 };

/** Types as a person would, and waits for what comes of it. */
const playStory = async (page: Page, workspace: LocalWorkspace): Promise<void> => {
  const type = async (line: string, what: string, fits: (message: StoredMessage) => boolean): Promise<void> => {
    const field = page.getByRole('textbox', { name: /^Message / });
    await field.fill(`${localPeople.command} ${line}`);
    await field.press('Enter');
    await untilMessage(workspace, what, fits);
  };
  const add = async (name: string, wanted: SampleName, more: string): Promise<void> => {
    const sample = workspace.samples.find((candidate) => candidate.name === wanted);
    if (sample === undefined) throw new Error(`there is no sample ${wanted}`);
    const host = `${name}.mail.${localZone.name}`;
    const isAnnouncement = ({ metadata, text }: StoredMessage): boolean =>
      metadata !== undefined && text.includes(host);
    await type(
      `add ${host} ${sample.addresses.join(' ')} --port ${sample.port} ${more}`,
      `the announcement of ${host}`,
      isAnnouncement,
    );
  };
  await add('gitlab', 'starttls', '--name GitLab');
  await type(`check gitlab.mail.${localZone.name}`, 'the check', ({ blocks }) =>
    blocks.some((block) => block.type === 'table'),
  );
  const line = 'The ticket system has a second mail server now, 127.20.0.17.';
  workspace.slack.store.add({ channel: auditChannel.id, author: li.id, text: line, blocks: [] });
  await add('tickets', 'half-dead', '--name Tickets');
};

/** The window's height at which the list begins with a whole message and its author, as near as can be to the wished one. */
const fittingHeight = async (page: Page): Promise<number> => {
  const list = await page.getByRole('log').boundingBox();
  const messages = await Promise.all(
    (await page.locator('article:has(.ws-byline)').all()).map((message) => message.boundingBox()),
  );
  if (list === null) throw new Error('the page shows no messages');
  const around = heights.wished - list.height;
  const fitting = messages
    .filter((message) => message !== null)
    .map(({ y }) => Math.ceil(list.y + list.height - y + around))
    .filter((height) => height >= heights.least && height <= heights.most)
    .sort((one, other) => Math.abs(one - heights.wished) - Math.abs(other - heights.wished));
  return fitting[0] ?? heights.wished;
};

/** Plays a small story in a fresh workspace, and takes the page in light and in dark. */
export const takePage = async (browser: Browser, workspace: LocalWorkspace): Promise<void> => {
  const page = await browser.newPage({
    viewport: { width, height: heights.wished },
    deviceScaleFactor: 1.25,
    colorScheme: 'light',
  });
  await page.goto(workspace.pageUrl);
  await playStory(page, workspace);
  // Once more, for what stood on the page while it went on; and without a caret: nobody is there.
  await page.reload();
  await page.getByRole('article').last().waitFor();
  await page.getByRole('textbox', { name: /^Message / }).blur();
  await page.setViewportSize({ width, height: await fittingHeight(page) });
  for (const [colorScheme, name] of [
    ['light', 'page.png'],
    ['dark', 'page-dark.png'],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await writePicture(name, await page.screenshot({ animations: 'disabled' }));
  }
  await page.close();
};
