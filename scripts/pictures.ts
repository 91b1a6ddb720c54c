import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { chartSvg } from '../lib/chart/chart.ts';
import { resvgRenderer } from '../lib/chart/resvg-renderer.ts';
import type { StoredMessage } from '../lib/local/slack/workspace.ts';
import type { SampleName } from '../lib/local/smtp/samples.ts';
import { freePorts, type LocalWorkspace, startWorkspace } from '../lib/local/workspace.ts';
import { localPeople, localZone } from '../lib/local/workspace-seed.ts';
import { nowMs, sampleWeek } from '../test/chart/sample-days.ts';
import { chromiumMissing, launchChromium } from '../test/support/chromium.ts';
import { untilMessage } from './smoke/workspace-client.ts';

// Makes the pictures of README.md: docs/chart.png of a week that has seen everything; then plays a small story in a fresh workspace and takes
// docs/page.png in light, docs/page-dark.png in dark.

const docs = new URL('../docs/', import.meta.url);
const [, li] = localPeople.users;
const [auditChannel] = localPeople.channels;
const width = 1200;
/** Heights that look well in a README; the one chosen cuts no message at the top. */
const heights = { least: 640, wished: 800, most: 880 };

/** With the ports that README.md names, unless they are taken. */
const open = (): Promise<LocalWorkspace> => {
  const options = { moduleOf: (name: string) => new URL(`../functions/${name}.ts`, import.meta.url), formBodies: 'base64' } as const;
  return startWorkspace({ ...options, ports: { ...freePorts, smtp: 2525, implicitTls: 4650 } }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return startWorkspace({ ...options, ports: freePorts });
    throw error;
  });
};

/** Types as a person would, and waits for what comes of it. */
const playStory = async (page: Page, workspace: LocalWorkspace): Promise<void> => {
  const type = async (line: string, what: string, fits: (message: StoredMessage) => boolean): Promise<void> => {
    const field = page.getByRole('combobox', { name: /^Message / });
    await field.fill(`${localPeople.command} ${line}`);
    await field.press('Enter');
    await untilMessage(workspace, what, fits, 30_000);
  };
  const add = async (name: string, wanted: SampleName, more: string): Promise<void> => {
    const sample = workspace.samples.find((candidate) => candidate.name === wanted);
    if (sample === undefined) throw new Error(`there is no sample ${wanted}`);
    const host = `${name}.mail.${localZone.name}`;
    const isAnnouncement = ({ metadata, text }: StoredMessage): boolean => metadata !== undefined && text.includes(host);
    await type(`add ${host} ${sample.addresses.join(' ')} --port ${sample.port} ${more}`, `the announcement of ${host}`, isAnnouncement);
  };
  await add('gitlab', 'starttls', '--name GitLab');
  await type(`check gitlab.mail.${localZone.name}`, 'the check', ({ blocks }) => blocks.some((block) => block.type === 'table'));
  const line = 'The ticket system has a second mail server now, 127.20.0.17.';
  workspace.slack.store.add({ channel: auditChannel.id, author: li.id, text: line, blocks: [] });
  await add('tickets', 'half-dead', '--name Tickets');
};

/** The window's height at which the list begins with a whole message and its author, as near as can be to the wished one. */
const fittingHeight = async (page: Page): Promise<number> => {
  const list = await page.getByRole('log').boundingBox();
  const messages = await Promise.all((await page.locator('article:has(.ws-byline)').all()).map((message) => message.boundingBox()));
  if (list === null) throw new Error('the page shows no messages');
  const around = heights.wished - list.height;
  const fitting = messages
    .filter((message) => message !== null)
    .map(({ y }) => Math.ceil(list.y + list.height - y + around))
    .filter((height) => height >= heights.least && height <= heights.most)
    .sort((one, other) => Math.abs(one - heights.wished) - Math.abs(other - heights.wished));
  return fitting[0] ?? heights.wished;
};

const say = (path: string, bytes: number): void => void process.stdout.write(`${path}: ${Math.round(bytes / 1024)} KiB\n`);

await mkdir(docs, { recursive: true });
const chart = await resvgRenderer.png(chartSvg(`gitlab.mail.${localZone.name}`, sampleWeek(), nowMs));
const chartFile = fileURLToPath(new URL('chart.png', docs));
await writeFile(chartFile, chart);
say(chartFile, chart.byteLength);
if (chromiumMissing !== undefined) {
  process.stderr.write(`No picture of the page was taken: ${chromiumMissing}\n`);
  process.exit(1);
}
await using workspace = await open();
const browser = await launchChromium();
try {
  const page = await browser.newPage({ viewport: { width, height: heights.wished }, deviceScaleFactor: 1.25, colorScheme: 'light' });
  await page.goto(workspace.pageUrl);
  await playStory(page, workspace);
  // Once more, for what stood on the page while it went on; and without a caret: nobody is there.
  await page.reload();
  await page.getByRole('article').last().waitFor();
  await page.getByRole('combobox', { name: /^Message / }).blur();
  await page.setViewportSize({ width, height: await fittingHeight(page) });
  for (const [colorScheme, name] of [
    ['light', 'page.png'],
    ['dark', 'page-dark.png'],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    const path = fileURLToPath(new URL(name, docs));
    const { byteLength } = await page.screenshot({ path, animations: 'disabled' });
    say(path, byteLength);
  }
} finally {
  await browser.close();
}
