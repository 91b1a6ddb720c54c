import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../../lib/local/loopback-server.ts';
import type { StoredMessage } from '../../lib/local/slack/workspace.ts';
import type { SampleName } from '../../lib/local/smtp/samples.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { untilMessage, workspaceClient } from '../../scripts/smoke/workspace-client.ts';
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
