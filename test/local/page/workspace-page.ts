import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { table } from '../../../lib/core/grammar/table.ts';
import type { PostalPanel } from '../../../lib/local/postal/panel-protocol.ts';
import type { Machine } from '../../../lib/local/slack/page-api/machine-protocol.ts';
import { buildPage } from '../../../lib/local/slack/page-api/page-bundle.ts';
import { launchChromium } from '../../support/chromium.ts';
import { addedBlocks, addForm, refusedBlocks, statusHome } from '../slack/sample-blocks.ts';
import { type FrontRequest, startFront } from '../slack/sample-front.ts';
import { callApi, startSampleSlack } from '../slack/sample-workspace.ts';

export const channel = 'C0ENDPOINT';
export const acknowledged = "Adding gitlab.mail.corp.internal → 10.0.4.12, port 25, Auto. I'll post the result here.";

const systemClock = { now: Date.now, sleep: () => Promise.resolve() };
const firstSteps = [
  { line: '/postal-endpoint add gitlab.mail.corp.internal 10.0.4.12', detail: 'Registers a name.' },
  { line: '/postal-endpoint history', detail: 'Shows who changed what.' },
];

/** The workspace page in Chromium, before a sample app, opened afresh for each test of the suite; a test fails when the page reports an error. */
export const workspacePage = (machine?: Machine, postal: () => PostalPanel | undefined = () => undefined) => {
  let browser: Browser;
  let page: Page;
  let built: ReturnType<typeof buildPage>;
  let problems: string[] = [];
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
    return JSON.stringify(body['view']).includes('70000')
      ? {
          json: {
            response_action: 'errors',
            errors: { port: '70000 is above 65535. Postal would connect to port 4464' },
          },
        }
      : {};
  };

  beforeAll(async () => {
    built = buildPage();
    browser = await launchChromium();
    // One page for all tests: each has a port, and so a storage, of its own.
    const context = await browser.newContext({ colorScheme: 'light' });
    page = await context.newPage();
    page.on('pageerror', ({ message }) => problems.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    front = await startFront(answer);
    const panel = postal();
    slack = await startSampleSlack({
      clock: systemClock,
      deliver: front.deliver,
      commandTable: table,
      firstSteps,
      ...(machine && { machine }),
      ...(panel && { postal: panel }),
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

  const composer = () => page.getByRole('textbox', { name: /^Message / });
  return {
    page: () => page,
    slack: () => slack,
    front: () => front,
    composer,
    /** Errors that the page is to report in this test: they are no longer failures. */
    forgive: (pattern: RegExp): void => {
      problems = problems.filter((problem) => !pattern.test(problem));
    },
    send: async (text: string): Promise<void> => {
      await composer().fill(text);
      await composer().press('Enter');
    },
    postAdded: () =>
      callApi(slack.apiUrl, 'chat.postMessage', {
        channel,
        text: 'gitlab.mail.corp.internal added',
        blocks: addedBlocks(),
      }),
  };
};
