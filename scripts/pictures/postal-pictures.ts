import type { Browser, Page } from 'playwright-core';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { localPeople, localZone } from '../../lib/local/workspace-seed.ts';
import { untilMessage } from '../smoke/workspace-client.ts';
import { postalHand } from './postal-hand.ts';
import { writePicture } from './write-picture.ts';

const host = `gitlab.mail.${localZone.name}`;
const [auditChannel] = localPeople.channels;
const desktop = { width: 1400, height: 900 };
const phone = { width: 390, height: 844 };

/** README's first five minutes with Postal, up to the mail that waits for a stopped server. */
const playStory = async (page: Page, workspace: LocalWorkspace): Promise<void> => {
  const server = workspace.samples.find(({ name }) => name === 'starttls');
  const hostname = server?.addresses[0];
  if (server === undefined || hostname === undefined) throw new Error('there is no sample with STARTTLS');
  const hand = postalHand(page);
  const inPostal = (text: string): Promise<void> => hand.panel('Postal').getByText(text).first().waitFor();
  await hand.addEndpoint({ name: 'GitLab', hostname, port: server.port });
  await hand.addRoute('gitlab');
  await hand.sendMail('gitlab@');
  await inPostal('No hosts to try.');
  await hand.type(`add ${host} ${hostname} --port ${server.port} --name GitLab`);
  await untilMessage(
    workspace,
    `the announcement of ${host}`,
    ({ channel, metadata, text }) => channel === auditChannel.id && metadata !== undefined && text.includes(host),
  );
  await hand.changeHostname('GitLab', host);
  await inPostal('accepted by');
  await hand.setServer('starttls', 'Stop');
  await hand.open('Postal');
  await hand.sendMail('gitlab@');
  await inPostal('Connection refused');
  const waits = '1 message waiting since';
  // The report of it is on its way.
  await page.waitForTimeout(3000);
  await hand.type(`show ${host}`);
  await untilMessage(workspace, 'what waits', ({ blocks }) => JSON.stringify(blocks).includes(waits));
};

/** Plays the story in a fresh workspace that has a Postal, and takes the page with its panel: on a desktop and a phone, in light and in dark. */
export const takePostal = async (browser: Browser, workspace: LocalWorkspace): Promise<void> => {
  const page = await browser.newPage({ viewport: desktop, deviceScaleFactor: 1.25, colorScheme: 'light' });
  await page.goto(workspace.pageUrl);
  await playStory(page, workspace);
  const panel = postalHand(page).panel('Postal');
  // Without a caret or a button under the mouse: nobody is there.
  await page.getByRole('textbox', { name: /^Message / }).blur();
  await page.mouse.move(0, 0);
  for (const [viewport, name] of [
    [desktop, 'postal'],
    [phone, 'postal-phone'],
  ] as const) {
    await page.setViewportSize(viewport);
    await postalHand(page).open('Postal');
    if (viewport === phone) await panel.getByText('gitlab@acme.example').first().scrollIntoViewIfNeeded();
    for (const [colorScheme, suffix] of [
      ['light', ''],
      ['dark', '-dark'],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await writePicture(`${name}${suffix}.png`, await page.screenshot({ animations: 'disabled' }));
    }
  }
  await page.close();
};
