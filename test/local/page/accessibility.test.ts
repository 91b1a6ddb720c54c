import { source } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createMachine } from '../../../lib/local/machine.ts';
import { createLocalRoute53 } from '../../../lib/local/route53/local-route53.ts';
import { startSmtpSamples } from '../../../lib/local/smtp/samples.ts';
import { chromiumMissing } from '../../support/chromium.ts';
import { type PostalUnderTest, postalUnderTest } from '../postal/postal-under-test.ts';
import { callApi } from '../slack/sample-workspace.ts';
import { acknowledged, channel, workspacePage } from './workspace-page.ts';

const zone = { id: 'Z0CORP', name: 'corp.internal', isPrivate: true, vpcs: [] } as const;
const records = Array.from({ length: 423 }, (_, index) => ({
  name: `host-${String(index).padStart(3, '0')}.corp.internal`,
  type: 'A' as const,
  ttlSeconds: 60,
  values: [`10.1.${Math.floor(index / 250)}.${(index % 250) + 1}`],
}));
const route53 = createLocalRoute53({ clock: { now: Date.now }, zones: [zone] });

const gitlab = {
  id: null,
  serverId: 1,
  name: 'GitLab',
  hostname: 'gitlab.mail.corp.internal',
  port: '2525',
  sslMode: 'Auto',
};

/** Every kind of text that a message can hold. */
const everyKind = [
  { type: 'header', text: { type: 'plain_text', text: 'Head :warning:' } },
  {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: '*bold* _italic_ ~gone~ `inline code` <@U0MARIA> <@U0LI> <#C0ONCALL> <!subteam^S0ADMINS> <!here> <https://example.com|a link>\n> quoted `code`\n```a block\nof code```',
    },
    accessory: { type: 'button', action_id: 'a', text: { type: 'plain_text', text: 'More' } },
  },
  { type: 'section', fields: [{ type: 'mrkdwn', text: '*State*\n`up`' }] },
  { type: 'context', elements: [{ type: 'mrkdwn', text: 'small print with `code` and <@U0LI>' }] },
  {
    type: 'table',
    rows: [
      [
        { type: 'raw_text', text: 'name' },
        { type: 'raw_text', text: 'state' },
      ],
      [
        { type: 'raw_text', text: 'gitlab.mail.corp.internal' },
        { type: 'raw_text', text: 'up' },
      ],
    ],
  },
  {
    type: 'actions',
    elements: (['primary', 'danger', undefined] as const).map((style, index) => ({
      type: 'button',
      action_id: `b${index}`,
      text: { type: 'plain_text', text: style ?? 'default' },
      ...(style && { style }),
    })),
  },
];

describe.skipIf(chromiumMissing !== undefined)('every view of the workspace page, for axe', () => {
  const open = new AsyncDisposableStack();
  const samples = startSmtpSamples({ port: 0, implicitTlsPort: 0, certificateNames: ['x'], nowEpochMs: Date.now() });
  const listening: Awaited<typeof samples>[number][] = [];
  const machine = createMachine({
    samples: listening,
    hosted: route53.hosted,
    zone,
    alerts: { channel: 'mail-oncall', withinMinutes: 2 },
  });
  let postal: PostalUnderTest;
  beforeAll(async () => {
    postal = open.use(await postalUnderTest());
    postal.act('postal-endpoint', { ...gitlab, hostname: '127.20.0.11' });
    postal.act('postal-endpoint', { ...gitlab, serverId: 2, name: 'Held' });
    postal.act('postal-route', { name: 'gitlab', endpointId: 1 });
    postal.act('postal-route', { name: 'held', endpointId: 2 });
    for (const routeId of [3, 4]) postal.act('postal-message', { routeId });
    listening.push(...(await samples));
    route53.put(zone.id, records);
    await listening[0]?.close();
  });
  afterAll(async () => {
    await Promise.all(listening.map((sample) => sample.close()));
    await open.disposeAsync();
  });

  const workspace = workspacePage(machine, () => postal.panel());
  const { composer, send, postAdded } = workspace;
  const resultSchema = z.array(z.string());

  /** What axe finds, a line each: the rule, the element, and what is wrong with it. */
  const faults = async (): Promise<readonly string[]> => {
    const page = workspace.page();
    await page.evaluate('document.getAnimations().forEach((each) => each.finish())');
    await page.evaluate(source);
    return resultSchema.parse(
      await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
        violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target, failureSummary].join(' '))))`),
    );
  };

  const views: Readonly<Record<string, () => Promise<void>>> = {
    'an empty channel with first steps': async () => {
      await workspace
        .page()
        .getByRole('button', { name: /history/ })
        .waitFor();
    },
    'a channel with messages of every kind': async () => {
      await send('/postal-endpoint status');
      await workspace.page().getByText(acknowledged).waitFor();
      await postAdded();
      await send('/postal-endpoint add 10.0.4.12 --port 70000');
      await workspace.page().getByText('2 problems').waitFor();
      await workspace.page().waitForTimeout(1100);
      await callApi(workspace.slack().apiUrl, 'chat.postMessage', { channel, text: 'all', blocks: everyKind });
      await workspace.page().getByText('a block', { exact: false }).first().waitFor({ state: 'attached' });
      for (const author of ['U0LI', 'U0ONCALL', 'U0GUEST'])
        workspace
          .slack()
          .store.add({ channel, author, text: `from ${author} with \`code\` and <@U0MARIA>`, blocks: [] });
      await workspace.page().getByText('from U0GUEST').waitFor();
    },
    'a message that an address leads to': async () => {
      const { ts } = workspace.slack().store.add({ channel, author: 'U0LI', text: 'this `one` <@U0LI>', blocks: [] });
      await workspace.page().goto('about:blank');
      await workspace.page().goto(`${workspace.slack().url}/#postal-endpoint/${ts}`);
      await workspace.page().locator('.ws-target').waitFor();
    },
    'an unread channel, and one that is not current': async () => {
      workspace.slack().store.add({ channel: 'C0ONCALL', author: 'U0LI', text: 'news', blocks: [] });
      await workspace.page().locator('.ws-unread').waitFor();
    },
    'the completions': async () => {
      await composer().fill('/postal-endpoint c');
      await workspace.page().locator('[role=option]').first().waitFor();
    },
    'a form with mistakes': async () => {
      await send('/postal-endpoint add');
      const form = workspace.page().getByRole('dialog');
      await form.getByRole('button', { name: 'Add' }).click();
      await form.getByText('Please complete this required field.').first().waitFor();
    },
    'a question before a button': async () => {
      await postAdded();
      await workspace.page().getByRole('article').getByRole('button', { name: 'Undo' }).click();
      await workspace.page().getByRole('dialog').waitFor();
    },
    'the Home tab': async () => {
      await workspace.page().evaluate('location.hash = "#/home"');
      await workspace.page().getByText('12 endpoints').waitFor();
    },
    'the direct messages': async () => {
      await workspace.page().evaluate('location.hash = "#/messages"');
      await workspace.page().getByRole('navigation', { name: 'App' }).waitFor();
    },
    'a workspace that does not answer': async () => {
      await workspace.page().route('**/page/say', (route) => route.abort());
      await send('hello');
      await workspace.page().getByRole('alert').waitFor();
      await workspace.page().unroute('**/page/say');
      workspace.forgive(/net::ERR_FAILED/);
    },
    'this machine, on a wide screen': async () => {
      await workspace.page().setViewportSize({ width: 1400, height: 900 });
      await workspace.page().getByRole('complementary').waitFor();
    },
    'this machine, on a phone': async () => {
      await workspace.page().setViewportSize({ width: 390, height: 844 });
      await workspace.page().getByRole('button', { name: 'This machine', exact: true }).click();
      await workspace.page().getByRole('complementary').waitFor();
    },
    'Postal, on a wide screen': async () => {
      await workspace.page().setViewportSize({ width: 1400, height: 900 });
      await workspace.page().getByRole('button', { name: 'Postal', exact: true }).click();
      await workspace.page().getByText('No hosts to try').first().waitFor();
    },
    'Postal, on a phone, with a form that is filled in wrongly': async () => {
      await workspace.page().setViewportSize({ width: 390, height: 844 });
      await workspace.page().getByRole('button', { name: 'Postal', exact: true }).click();
      await workspace.page().getByRole('button', { name: 'Edit GitLab' }).click();
      await workspace.page().getByLabel('Hostname').fill('Git_Lab');
      await workspace.page().getByRole('button', { name: 'Save' }).click();
      await workspace.page().getByText('Hostname is invalid').waitFor();
    },
    'the channels, on a phone': async () => {
      await workspace.page().setViewportSize({ width: 390, height: 844 });
      await workspace.page().getByRole('button', { name: 'Channels' }).click();
      await workspace.page().getByRole('link', { name: 'mail-oncall' }).waitFor();
    },
  };

  test.each(Object.entries(views))('%s has no fault, in light and dark', async (_, show) => {
    await show();
    for (const theme of ['light', 'dark'] as const) {
      await workspace.page().evaluate(`document.documentElement.dataset.theme = '${theme}'`);
      expect(await faults(), theme).toEqual([]);
    }
  });

  test('among 423 records, the form is within reach of every Edit, and a record can be found', async () => {
    await workspace.page().setViewportSize({ width: 1400, height: 700 });
    const panel = workspace.page().getByRole('complementary', { name: 'This machine' });
    await panel.getByRole('button', { name: 'Edit A host-422.corp.internal' }).click();
    const values = panel.getByLabel('Values');
    expect(await values.inputValue()).toBe('10.1.1.173');
    await expect.poll(() => values.and(workspace.page().locator(':focus')).count()).toBe(1);
    await expect
      .poll(() =>
        panel.getByRole('button', { name: 'Save' }).evaluate((element) => element.getBoundingClientRect().top),
      )
      .toBeLessThan(700);
    await panel.getByLabel('Find a record').fill('HOST-311');
    await expect.poll(() => panel.getByRole('button', { name: /^Edit / }).count()).toBe(1);
  });
});
