import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyChain } from '../../lib/core/ledger/chain.ts';
import type { StoredMessage } from '../../lib/local/slack/store/workspace.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { untilMessage, workspaceClient } from '../../scripts/smoke/workspace-client.ts';
import { onPage } from '../local/slack/sample-workspace.ts';
import { dig, digMissing } from '../support/dig.ts';
import { type Postfix, postfixMissing, startPostfix } from '../support/postfix.ts';
import {
  announcementsOf,
  ledgerOf,
  li,
  maria,
  oncall,
  oncallChannel,
  whole,
  workspaceUnderTest,
} from '../support/workspace.ts';

const host = 'gitlab.mail.corp.internal';
const [first, second] = ['127.20.7.1', '127.20.7.2'] as const;
const missing = postfixMissing() ?? digMissing;

describe.skipIf(missing)(
  `failover between two real Postfix${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let workspace: LocalWorkspace;
    let ports: readonly [number, number];
    let servers: Map<string, Postfix>;

    const start = async (address: string): Promise<void> =>
      void servers.set(address, await startPostfix(address, [`DNS:${host}`], ports));
    const stop = async (address: string): Promise<void> => {
      await servers.get(address)?.[Symbol.asyncDispose]();
      servers.delete(address);
    };

    beforeAll(async () => {
      // One look is believed: the rules have tests of their own.
      workspace = await workspaceUnderTest(undefined, { watchRules: { down: { looks: 1, of: 1 }, recoverAfter: 1 } });
      // Ports that policy allows; the samples that listen there do so on addresses of their own.
      const portOf = (sample: string): number => workspace.samples.find(({ name }) => name === sample)?.port ?? 0;
      ports = [portOf('starttls'), portOf('implicit-tls')];
      servers = new Map();
      await Promise.all([start(first), start(second)]);
    }, 60_000);
    afterAll(async () => {
      await Promise.all([...servers.keys()].map(stop));
      await workspace.close();
    }, 60_000);

    /** The message that this person sees next, with these words in it; every one is given once. */
    const given = new Set<string>();
    const next = async (userId: string | undefined, ...words: readonly string[]): Promise<StoredMessage> => {
      const idOf = (message: StoredMessage): string => `${message.channel} ${message.ts} ${whole(message)}`;
      const isIt = (message: StoredMessage): boolean =>
        message.visibleTo === userId &&
        words.every((word) => whole(message).includes(word)) &&
        !given.has(idOf(message));
      const message = await untilMessage(workspace, `a message with ${words.join(', ')}`, isIt);
      given.add(idOf(message));
      return message;
    };

    const press = async (message: StoredMessage, label: string): Promise<void> => {
      for (const block of message.blocks) {
        const elements: unknown[] = Array.isArray(block['elements']) ? block['elements'] : [];
        for (const element of elements) {
          const shown: Record<string, unknown> = Object.assign({}, element);
          if (!JSON.stringify(shown['text'])?.includes(`"${label}"`)) continue;
          const action = {
            blockId: block.block_id ?? '',
            actionId: String(shown['action_id']),
            value: null,
            values: {},
          };
          const source = { channel: message.channel, ts: message.ts };
          expect(await onPage(workspace.pageUrl, 'action', { user: oncall.id, source, ...action })).toEqual({
            ok: true,
          });
          return;
        }
      }
      throw new RangeError(`no button "${label}" in ${whole(message)}`);
    };

    const addresses = async (): Promise<readonly string[]> =>
      (await dig(workspace.dns.port, host, 'A')).answer.map(({ data }) => data);
    const asOnCall = () => workspaceClient(workspace, oncall.id, oncallChannel.id);
    /** The heads of incidents, as they stand now. */
    const alerts = (): readonly StoredMessage[] =>
      workspace.slack.store
        .messages(oncallChannel.id)
        .filter(
          ({ metadata, threadTs }) => metadata?.event_type === 'postal_endpoint_incident' && threadTs === undefined,
        );
    /** Runs watch, as the scheduler does, until the alert says so. */
    const watchUntil = async (words: string): Promise<StoredMessage> => {
      const says = async (): Promise<boolean> => {
        await workspace.functions.watch.invoke({});
        return alerts().some((message) => whole(message).includes(words));
      };
      await expect.poll(says, { timeout: 75_000, interval: 1_000 }).toBe(true);
      const [alert] = alerts();
      if (alert === undefined) throw new RangeError('there is no alert');
      return alert;
    };

    it('alerts, leads mail to the standby by the button of the alert, sees it arrive there, and goes back', async () => {
      await workspaceClient(workspace, maria.id).say(
        `add ${host} ${first} --standby ${second} --port ${ports[0]} --owner ${li.id}`,
      );
      expect(whole(await next(undefined, `*${host}* added`))).toContain('Postal will get in, encrypted.');

      await stop(first);
      const alert = await watchUntil(`${host} is down`);
      for (const word of [
        'retry for about 31 h, then bounce',
        `${first} refuses the connection`,
        `owner <@${li.id}>`,
        '<!subteam^',
      ])
        expect(whole(alert)).toContain(word);

      await press(alert, 'Check again');
      await next(oncall.id, 'Postal will not get in', 'retry for about 31 h, then bounce');
      expect(alerts().map(whole)).toEqual([whole(alert)]);

      await press(alert, 'Fail over');
      const plan = await next(oncall.id, `fail over *${host}* to its standby`);
      expect(whole(plan)).toMatch(
        /New target[\s\S]*Postal will get in, encrypted\.[\s\S]*Current target[\s\S]*Postal will not get in/,
      );
      expect(whole(plan)).toContain('Effective within 60 s');
      expect(await addresses()).toEqual([first]);

      await press(plan, 'Fail over');
      const moved = await next(oncall.id, `*${host}* failed over to its standby`);
      expect(whole(moved)).toContain(`The resolver returns \`${second}\``);
      expect(whole(moved)).toContain('Postal will get in, encrypted.');
      expect(await addresses()).toEqual([second]);
      await expect
        .poll(async () => (await servers.get(second)?.log())?.includes('ehlo=2 starttls=1 quit=1'))
        .toBe(true);

      await start(first);
      await asOnCall().say(`failover ${host}`);
      await press(await next(oncall.id, `fail over *${host}* to its previous target`), 'Fail over');
      expect(whole(await next(oncall.id, `*${host}* failed over to its previous target`))).toContain(
        'Postal will get in, encrypted.',
      );
      expect(await addresses()).toEqual([first]);

      expect(whole(await watchUntil('Resolved:'))).toContain(`Resolved: ${host} was down for`);
      expect(alerts()).toHaveLength(1);

      await expect.poll(() => announcementsOf(workspace, host).length, { timeout: 20_000 }).toBe(3);
      const entries = await ledgerOf(workspace, host);
      expect(entries.map(({ body }) => body.kind).filter((kind) => kind === 'applied')).toHaveLength(3);
      expect(verifyChain(entries, host).ok).toBe(true);
    }, 240_000);
  },
);
