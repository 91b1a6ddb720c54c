import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../../lib/local/loopback-server.ts';
import type { PostalPanelState } from '../../lib/local/postal/panel-protocol.ts';
import type { StoredMessage } from '../../lib/local/slack/store/workspace.ts';
import type { SampleName } from '../../lib/local/smtp/samples.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { untilMessage, workspaceClient } from '../../scripts/smoke/workspace-client.ts';
import { onPage } from '../local/slack/sample-workspace.ts';
import {
  announcementsOf,
  ledgerOf,
  maria,
  oncallChannel,
  temporaryFolder,
  whole,
  workspaceUnderTest,
} from '../support/workspace.ts';

const hostOf = (name: string): string => `${name}.mail.corp.internal`;
const portOf = ({ samples }: LocalWorkspace, name: SampleName): number =>
  samples.find((sample) => sample.name === name)?.port ?? 0;

const add = async (workspace: LocalWorkspace, name: SampleName): Promise<void> => {
  const sample = workspace.samples.find((each) => each.name === name);
  const mode = sample?.sslMode ?? 'Auto';
  await workspaceClient(workspace, maria.id).say(
    `add ${hostOf(name)} ${sample?.addresses[0]} --port ${sample?.port} --ssl-mode ${mode}`,
  );
  await untilMessage(
    workspace,
    `the announcement of ${name}`,
    (message) => message.metadata !== undefined && whole(message).includes(hostOf(name)),
  );
};

const answer = (workspace: LocalWorkspace, part: string): Promise<StoredMessage> =>
  untilMessage(workspace, part, (message) => message.visibleTo === maria.id && whole(message).includes(part));

describe('a restart on ports that the system chose', () => {
  it('keeps zone, ledger, directory, messages and every port, and watch goes on', async () => {
    await using folder = await temporaryFolder();
    const host = hostOf('starttls');
    const before = await (async () => {
      await using workspace = await workspaceUnderTest(folder.path);
      for (const name of ['starttls', 'implicit-tls', 'silent'] as const) await add(workspace, name);
      const { pageUrl, dns, samples } = workspace;
      return { pageUrl, dns, ports: samples.map(({ port }) => port), ledger: await ledgerOf(workspace, host) };
    })();
    await using workspace = await workspaceUnderTest(folder.path, { watchRules: { down: { looks: 1, of: 1 } } });
    const { pageUrl, dns, samples } = workspace;
    expect({
      pageUrl,
      dns,
      ports: samples.map(({ port }) => port),
      ledger: await ledgerOf(workspace, host),
    }).toEqual(before);
    expect(announcementsOf(workspace, host)).toHaveLength(1);
    const { say } = workspaceClient(workspace, maria.id);
    await say(`show ${host}`);
    expect(whole(await answer(workspace, 'with ownership marker'))).not.toContain('holds something else');
    await say(`check ${host}`);
    expect((await answer(workspace, 'session-ticket')).text).toContain('will get in');
    const alert = await untilMessage(
      workspace,
      'the alert',
      ({ channel, text }) => channel === oncallChannel.id && text.includes(hostOf('silent')),
      90_000,
    );
    expect(alert.text).toContain('down');
  }, 240_000);

  it('keeps what Postal has, and delivers what waits there', async () => {
    await using folder = await temporaryFolder();
    const postalOf = async ({ pageUrl }: LocalWorkspace): Promise<PostalPanelState> => {
      const state: { postal?: PostalPanelState } = Object.assign(
        {},
        await (await fetch(`${pageUrl}/page/state`)).json(),
      );
      if (state.postal === undefined) throw new Error('there is no Postal');
      return state.postal;
    };
    const before = await (async () => {
      await using workspace = await workspaceUnderTest(folder.path, { withPostal: true });
      await add(workspace, 'starttls');
      const act = (name: string, request: Readonly<Record<string, unknown>>) =>
        onPage(workspace.pageUrl, name, { user: maria.id, ...request });
      const endpoint = { name: 'GitLab', hostname: hostOf('starttls'), port: String(portOf(workspace, 'starttls')) };
      await workspace.samples.find(({ name }) => name === 'starttls')?.close();
      expect(await act('postal-endpoint', { id: null, serverId: 1, sslMode: 'Auto', ...endpoint })).toEqual({
        ok: true,
      });
      expect(await act('postal-route', { name: 'gitlab', endpointId: 1 })).toEqual({ ok: true });
      expect(await act('postal-message', { routeId: 2 })).toEqual({ ok: true });
      await expect
        .poll(async () => (await postalOf(workspace)).deliveries.map(({ status }) => status))
        .toEqual(['SoftFail']);
      return postalOf(workspace);
    })();
    await using workspace = await workspaceUnderTest(folder.path, { withPostal: true });
    const { endpoints, routes } = await postalOf(workspace);
    expect({ endpoints, routes }).toEqual({ endpoints: before.endpoints, routes: before.routes });
    await expect.poll(async () => (await postalOf(workspace)).deliveries[0]?.status, { timeout: 40_000 }).toBe('Sent');
    expect((await postalOf(workspace)).queue).toEqual([]);
  });

  it('takes another port where the old one is in use by now', async () => {
    await using folder = await temporaryFolder();
    const before = await (async () => {
      await using workspace = await workspaceUnderTest(folder.path);
      return { page: Number(new URL(workspace.pageUrl).port), smtp: portOf(workspace, 'starttls') };
    })();
    const [page, smtp] = [createServer(), createServer()];
    await listenOnLoopback(page, before.page);
    await listenOnLoopback(smtp, before.smtp, '127.20.0.14');
    try {
      await using workspace = await workspaceUnderTest(folder.path);
      expect(Number(new URL(workspace.pageUrl).port)).not.toBe(before.page);
      expect(portOf(workspace, 'starttls')).not.toBe(before.smtp);
      await add(workspace, 'starttls');
    } finally {
      page.close();
      smtp.close();
    }
  });
});
