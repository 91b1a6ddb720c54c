import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directChannel } from '../../lib/local/slack/store/conversation.ts';
import type { BlockJson, StoredMessage, View } from '../../lib/local/slack/store/workspace.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { untilMessage } from '../../scripts/smoke/workspace-client.ts';
import { onPage } from '../local/slack/sample-workspace.ts';
import {
  announcementsOf,
  auditChannel,
  ledgerOf,
  li,
  maria,
  oncallChannel,
  whole,
  workspaceUnderTest,
} from '../support/workspace.ts';

let workspace: LocalWorkspace;
beforeAll(async () => {
  workspace = await workspaceUnderTest();
});
afterAll(() => workspace.close());

type Person = typeof maria | typeof li;
type Values = Readonly<Record<string, Readonly<Record<string, string | null>>>>;

const page = (name: string, request: Readonly<Record<string, unknown>>) => onPage(workspace.pageUrl, name, request);
const directOf = (person: Person): string => directChannel(person).id;

/** The first button of these blocks with that label. */
const buttonIn = (
  blocks: readonly BlockJson[],
  label: string,
): { readonly blockId: string; readonly actionId: string; readonly value: string | null } => {
  for (const block of blocks) {
    const elements = Array.isArray(block['elements']) ? block['elements'] : [];
    for (const element of elements) {
      const shown: Record<string, unknown> = Object.assign({}, element);
      if (JSON.stringify(shown['text'])?.includes(`"${label}"`)) {
        const { action_id: actionId, value } = shown;
        return {
          blockId: block.block_id ?? '',
          actionId: String(actionId),
          value: typeof value === 'string' ? value : null,
        };
      }
    }
  }
  throw new RangeError(`no button "${label}" in ${JSON.stringify(blocks)}`);
};

const openHome = async (person: Person): Promise<View> => {
  expect(await page('home', { user: person.id })).toEqual({ ok: true });
  await expect.poll(() => workspace.slack.store.home(person.id), { timeout: 20_000 }).toBeDefined();
  const home = workspace.slack.store.home(person.id);
  if (home === undefined) throw new Error('the home went away');
  return home;
};

/** Presses [Add endpoint] in the App Home; resolves to the form that opens. */
const openForm = async (person: Person): Promise<View> => {
  const home = await openHome(person);
  const pressed = await page('action', {
    user: person.id,
    source: { viewId: home.id },
    ...buttonIn(home.blocks, 'Add endpoint'),
    values: {},
  });
  expect(pressed).toEqual({ ok: true });
  const [form] = workspace.slack.store.views(person.id);
  if (form === undefined) throw new Error('no form opened');
  return form;
};

const values = (hostname: string, target: string, port: string): Values => ({
  hostname: { value: hostname },
  target: { value: target },
  port: { value: port },
  'ssl-mode': { value: 'Auto' },
});

const toldDirectly = (person: Person, part: string): Promise<StoredMessage> =>
  untilMessage(
    workspace,
    `"${part}" in Messages`,
    (message) => message.channel === directOf(person) && whole(message).includes(part),
    30_000,
  );

const starttls = () => {
  const sample = workspace.samples.find(({ name }) => name === 'starttls');
  if (sample === undefined) throw new Error('the sample with STARTTLS is missing');
  return { address: sample.addresses[0] ?? '', port: String(sample.port) };
};

describe('from the App Home, through every real part', () => {
  it('a form is mended, submitted, answered by direct message, and announced in the audit channel', async () => {
    const host = 'home.mail.corp.internal';
    const { address, port } = starttls();
    const form = await openForm(maria);
    const refused = await page('submit', {
      user: maria.id,
      viewId: form.id,
      values: values(address, address, '70000'),
    });
    expect(refused).toEqual({
      ok: false,
      errors: {
        hostname: expect.stringContaining('is an address'),
        port: expect.stringContaining('70000 is above 65535'),
      },
    });
    expect(await page('submit', { user: maria.id, viewId: form.id, values: values(host, address, port) })).toEqual({
      ok: true,
    });
    expect(workspace.slack.store.views(maria.id)).toEqual([]);

    const answer = await toldDirectly(maria, host);
    expect(answer.visibleTo).toBeUndefined();
    expect(whole(answer)).toContain('encrypted');
    const announced = await untilMessage(
      workspace,
      'the announcement',
      (message) =>
        message.channel === auditChannel.id && message.metadata !== undefined && whole(message).includes(host),
    );
    expect(announcementsOf(workspace, host)).toEqual([announced]);
    expect((await ledgerOf(workspace, host)).map(({ body }) => body.kind)).toEqual([
      'requested',
      'applying',
      'applied',
    ]);
  }, 60_000);

  it('[Check all] fills in one direct message, in the words that the home then has, too', async () => {
    const shown = async (): Promise<string> => JSON.stringify((await openHome(maria)).blocks);
    await expect.poll(shown, { timeout: 20_000 }).toContain('Check all');
    // A Home that is published just then gives way to the next one, its button with it.
    const press = async (): Promise<unknown> => {
      const { id: viewId, blocks } = await openHome(maria);
      return page('action', { user: maria.id, source: { viewId }, ...buttonIn(blocks, 'Check all'), values: {} });
    };
    await expect.poll(press, { timeout: 20_000 }).toEqual({ ok: true });
    const table = await toldDirectly(maria, '1 endpoint checked');
    expect(whole(table)).toContain('✅ up');
    expect(whole(table)).toContain('home.mail.corp.internal');
    const bars = workspace.slack.store
      .messages(directOf(maria))
      .filter((message) => whole(message).includes('⏳ Checking all endpoints'));
    expect(bars).toEqual([]);
    await expect.poll(shown, { timeout: 20_000 }).toContain('✅ 1 up');
  }, 60_000);

  it('is nobody else’s to read', async () => {
    workspace.slack.store.add({ channel: directOf(maria), author: 'U0POSTALBOT', text: 'for maria alone', blocks: [] });
    const state = await (await fetch(`${workspace.pageUrl}/page/state?user=${li.id}`)).text();
    expect(state).not.toContain('for maria alone');
    expect(
      await (await fetch(`${workspace.pageUrl}/page/messages?user=${li.id}&channel=${directOf(maria)}`)).json(),
    ).toMatchObject({ messages: [] });
    expect(await page('say', { user: li.id, channel: directOf(maria), text: 'hello' })).toMatchObject({ ok: false });
  });

  it('tells who may not from there, by direct message, where they may', async () => {
    const host = 'denied.mail.corp.internal';
    const { address, port } = starttls();
    const form = await openForm(li);
    expect(await page('submit', { user: li.id, viewId: form.id, values: values(host, address, port) })).toEqual({
      ok: true,
    });
    const denial = await toldDirectly(li, 'You may use add, but not in direct messages or App Home');
    for (const { id } of [auditChannel, oncallChannel]) expect(whole(denial)).toContain(id);
    expect(await ledgerOf(workspace, host)).toEqual([]);
    expect((await ledgerOf(workspace, '_refused')).map(({ body }) => body.kind)).toContain('refused');
  });

  it('takes commands in the direct messages as well, and answers there', async () => {
    await page('say', { user: maria.id, channel: directOf(maria), text: '/postal-endpoint whoami' });
    const answer = await toldDirectly(maria, 'Postal admins');
    expect(answer.visibleTo).toBe(maria.id);
  });
});
