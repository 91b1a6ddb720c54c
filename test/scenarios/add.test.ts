import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyChain } from '../../lib/core/ledger/chain.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { untilMessage, workspaceClient } from '../../scripts/smoke/workspace-client.ts';
import { dig, digMissing } from '../support/dig.ts';
import {
  announcementsOf,
  auditChannel,
  ledgerOf,
  li,
  maria,
  oncall,
  oncallChannel,
  whole,
  workspaceUnderTest,
} from '../support/workspace.ts';

let workspace: LocalWorkspace;
let port = 0;
const address = '127.20.0.11';

beforeAll(async () => {
  workspace = await workspaceUnderTest();
  port = workspace.samples.find(({ name }) => name === 'starttls')?.port ?? 0;
});
afterAll(() => workspace.close());

const kinds = async (hostname: string): Promise<string[]> =>
  (await ledgerOf(workspace, hostname)).map(({ body }) => body.kind);
const announced = (hostname: string) =>
  untilMessage(
    workspace,
    `the announcement of ${hostname}`,
    (message) => message.metadata?.event_type === 'postal_endpoint_change' && whole(message).includes(hostname),
  );
const told = (userId: string, part: string) =>
  untilMessage(workspace, `"${part}"`, (message) => message.visibleTo === userId && whole(message).includes(part));

describe('add, through every real part', () => {
  it('goes from a signed request to a name that resolves, a probed server, a message and a ledger entry', async () => {
    const host = 'whole.mail.corp.internal';
    await workspaceClient(workspace, maria.id).say(`add ${host} ${address} --port ${port} --name Whole`);
    const message = await announced(host);
    expect(whole(message)).toContain('encrypted');
    expect(whole(message)).toContain('self-signed');
    expect(await kinds(host)).toEqual(['requested', 'applying', 'applied']);
    expect(verifyChain(await ledgerOf(workspace, '_audit'), '_audit').ok).toBe(true);
  });

  it.skipIf(digMissing !== undefined)(
    `is seen by dig: A, AAAA, CNAME, NXDOMAIN with SOA, the marker${digMissing === undefined ? '' : ` (skipped: ${digMissing})`}`,
    async () => {
      const client = workspaceClient(workspace, maria.id);
      await client.say(`add both.mail.corp.internal 127.20.0.11 ::1 --port ${port}`);
      await announced('both.mail.corp.internal');
      await client.say(`add alias.mail.corp.internal both.mail.corp.internal --port ${port}`);
      await announced('alias.mail.corp.internal');
      const answer = async (name: string, type: string) =>
        (await dig(workspace.dns.port, name, type)).answer.map(({ type: answered, data }) => `${answered} ${data}`);
      expect(await answer('both.mail.corp.internal', 'A')).toEqual(['A 127.20.0.11']);
      expect(await answer('both.mail.corp.internal', 'AAAA')).toEqual(['AAAA ::1']);
      expect(await answer('alias.mail.corp.internal', 'A')).toEqual([
        'CNAME both.mail.corp.internal.',
        'A 127.20.0.11',
      ]);
      expect((await answer('_postal-endpoint.both.mail.corp.internal', 'TXT'))[0]).toMatch(
        /^TXT "v=1 generation=1 change=[0-9A-Z]{26} port=\d+ ssl-mode=Auto digest=[0-9a-f]{64}"$/,
      );
      const nobody = await dig(workspace.dns.port, 'nobody.mail.corp.internal', 'A');
      expect(nobody.status).toBe('NXDOMAIN');
      expect(nobody.authority.map(({ type }) => type)).toEqual(['SOA']);
    },
  );

  it('tells the channel of the command where to read on', async () => {
    const host = 'elsewhere.mail.corp.internal';
    await workspaceClient(workspace, maria.id, oncallChannel.id).say(`add ${host} ${address} --port ${port}`);
    const pointer = await untilMessage(
      workspace,
      'the pointer',
      (message) =>
        message.channel === oncallChannel.id && message.visibleTo === undefined && whole(message).includes(host),
    );
    const [announcement] = announcementsOf(workspace, host);
    expect(announcement).toBeDefined();
    expect(whole(pointer)).toContain(announcement?.ts);
  });

  it('lets one of two people win, 50 times, tells the other who, and overwrites nothing', async () => {
    const one = workspaceClient(workspace, maria.id);
    const other = workspaceClient(workspace, li.id);
    const hosts = Array.from({ length: 50 }, (_, index) => `race${index}.mail.corp.internal`);
    for (const host of hosts)
      await Promise.all([
        one.say(`add ${host} ${address} --port ${port}`),
        other.say(`add ${host} 127.20.0.12 --port ${port}`),
      ]);
    const outcome = await Promise.all(
      hosts.map(async (host) => {
        const message = await untilMessage(
          workspace,
          `the refusal for ${host}`,
          (each) => each.visibleTo !== undefined && whole(each).includes(`${host} is registered already, by @`),
          90_000,
        );
        const winner = message.visibleTo === maria.id ? li : maria;
        return { host, winner, saysWho: whole(message).includes(`by @${winner.name}`) };
      }),
    );
    for (const { host, winner, saysWho } of outcome) {
      expect(saysWho).toBe(true);
      const entries = await ledgerOf(workspace, host);
      // A worker that is slow on a busy machine is joined by another, who begins an attempt of its own.
      const ends = entries.map(({ body }) => body.kind).filter((kind) => kind !== 'applying');
      expect(ends.toSorted(), JSON.stringify(entries.map(({ body }) => body))).toEqual([
        'applied',
        'refused',
        'requested',
      ]);
      const standing = workspace.route53.zones
        .served()
        .flatMap((zone) => [...zone.recordSets.values()].filter(({ name, type }) => name === host && type === 'A'));
      expect(standing.map(({ values }) => values)).toEqual([[winner === maria ? address : '127.20.0.12']]);
    }
  }, 120_000);

  it('refuses who may not, and takes no command where it may not', async () => {
    await workspaceClient(workspace, oncall.id).say('add denied.mail.corp.internal 10.0.4.12');
    await told(oncall.id, 'No grant lets you');
    expect(await kinds('denied.mail.corp.internal')).toEqual([]);
    expect((await kinds('_refused')).length).toBeGreaterThan(0);
  });
});

describe('add, when a part fails', () => {
  const add = async (host: string) => workspaceClient(workspace, maria.id).say(`add ${host} ${address} --port ${port}`);

  it.each([
    ['throttles', { kind: 'throttle' }],
    ['has another change under way', { kind: 'prior-request-not-complete' }],
    ['loses the answer after the commit', { kind: 'response-lost' }],
    ['loses the request', { kind: 'reset-before' }],
    ['answers 500', { kind: 'server-error', statusCode: 500 }],
  ] as const)('comes through when Route 53 %s', async (what, fault) => {
    const host = `r53-${what.replaceAll(' ', '-')}.mail.corp.internal`;
    workspace.route53.faults.next(fault, { operation: 'ChangeResourceRecordSets' });
    await add(host);
    await announced(host);
    expect((await kinds(host)).at(-1)).toBe('applied');
    expect((await kinds(host)).filter((kind) => kind === 'applied')).toHaveLength(1);
  });

  it('says what Error from Route 53 when it refuses, and that nothing was changed', async () => {
    const host = 'denied-by-iam.mail.corp.internal';
    workspace.route53.faults.next({ kind: 'access-denied' }, { operation: 'ChangeResourceRecordSets' });
    await add(host);
    expect(whole(await announced(host))).toContain('Nothing was changed');
    expect((await kinds(host)).at(-1)).toBe('failed');
  });

  it.each([
    ['429', 429],
    ['500', 500],
    ['a lost answer', 'lost-answer'],
  ] as const)('announces once in spite of %s from Slack', async (_, fault) => {
    const host = `slack-${String(fault)}.mail.corp.internal`;
    workspace.slack.faults.add('chat.postMessage', fault);
    await add(host);
    await announced(host);
    // The announcements queue up in one group: when the next one is there, nothing more comes of this one.
    await add(`after-${host}`);
    await announced(`after-${host}`);
    expect(announcementsOf(workspace, host).filter((message) => !whole(message).includes('after-'))).toHaveLength(1);
    expect(verifyChain(await ledgerOf(workspace, '_audit'), '_audit').ok).toBe(true);
  });

  it('tells the requester when the bot is not in the audit channel, and announces later', async () => {
    const host = 'uninvited.mail.corp.internal';
    workspace.slack.faults.add('chat.postMessage', { error: 'not_in_channel' });
    await add(host);
    await told(maria.id, 'not a member of the audit channel');
    await announced(host);
  });

  it('is finished by another worker when its own dies', async () => {
    const host = 'killed.mail.corp.internal';
    workspace.route53.faults.next({ kind: 'no-answer' }, { operation: 'ChangeResourceRecordSets' });
    await add(host);
    await expect.poll(() => kinds(host), { timeout: 20_000 }).toEqual(['requested', 'applying']);
    await workspace.functions.worker.kill();
    await announced(host);
    expect((await kinds(host)).at(-1)).toBe('applied');
    expect(announcementsOf(workspace, host)).toHaveLength(1);
  });

  it('keeps the record when the prober dies, and says so', async () => {
    const host = 'silent.mail.corp.internal';
    const silent = workspace.samples.find(({ name }) => name === 'silent');
    await workspaceClient(workspace, maria.id).say(`add ${host} ${silent?.addresses[0]} --port ${silent?.port}`);
    await expect.poll(() => kinds(host), { timeout: 20_000 }).toContain('applied');
    await expect.poll(() => workspace.slack.store.messages(auditChannel.id).length).toBeGreaterThan(0);
    await workspace.functions.prober.kill();
    expect(whole(await announced(host))).toMatch(/Not probed|No mail server answers|is unknown/);
    expect((await kinds(host)).at(-1)).toBe('applied');
  });
});
