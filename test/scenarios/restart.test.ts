import { expect, it } from 'vitest';
import { untilMessage, workspaceClient } from '../../scripts/smoke/workspace-client.ts';
import { announcementsOf, ledgerOf, maria, temporaryFolder, whole, workspaceUnderTest } from '../support/workspace.ts';

const host = 'kept.mail.corp.internal';

it('keeps zone, ledger, directory and messages over a restart', async () => {
  await using folder = await temporaryFolder();
  const before = await (async () => {
    await using workspace = await workspaceUnderTest(folder.path);
    await workspaceClient(workspace, maria.id).say(`add ${host} 127.20.0.11 --port ${workspace.samples[0]?.port}`);
    await untilMessage(
      workspace,
      'the announcement',
      (message) => message.metadata !== undefined && whole(message).includes(host),
    );
    return ledgerOf(workspace, host);
  })();
  await using workspace = await workspaceUnderTest(folder.path);
  expect(await ledgerOf(workspace, host)).toEqual(before);
  expect(announcementsOf(workspace, host)).toHaveLength(1);
  await workspaceClient(workspace, maria.id).say(`show ${host}`);
  const shown = await untilMessage(
    workspace,
    'the answer',
    (message) => message.visibleTo === maria.id && whole(message).includes('with ownership marker'),
  );
  expect(whole(shown)).not.toContain('holds something else');
});
