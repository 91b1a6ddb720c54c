import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadPolicy } from '../../lib/adapters/config-files.ts';
import type { ChangeVerb } from '../../lib/core/dns/plan.ts';
import { parseHostname } from '../../lib/core/endpoint/hostname.ts';
import { mayApprove } from '../../lib/core/policy/approvers.ts';
import { authorise } from '../../lib/core/policy/authorise.ts';
import { releaseFor } from '../../lib/core/policy/release.ts';
import { localPeople, localPolicy } from '../../lib/local/workspace-seed.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const load = async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'policy.json');
  await writeFile(file, JSON.stringify(localPolicy([2626])));
  return loadPolicy(file);
};
const policy = await load();

const groups = new Map(localPeople.userGroups.map(({ id, users }) => [id, new Set<string>(users)]));
const [maria, li, oncall, guest] = localPeople.users.map(({ id, name }) => ({
  teamId: localPeople.team.id,
  userId: id,
  userName: name,
  channelId: localPeople.channels[1].id,
}));
if (!(maria && li && oncall && guest)) throw new Error('the local workspace has too few people');

const parsed = parseHostname('db.prod.corp.internal');
if (!('hostname' in parsed)) throw new Error('no hostname');
const { hostname } = parsed;

const may = (who: typeof maria, verb: string, name = 'db.prod.corp.internal'): boolean =>
  authorise(policy, who, verb, name, groups).allowed;
const release = (verb: ChangeVerb, actor: typeof maria, breakGlassReason?: string) =>
  releaseFor(
    policy,
    { verb, hostname, actor, ...(breakGlassReason === undefined ? {} : { breakGlassReason }) },
    groups,
  );

describe('the local policy', () => {
  test('allows the ports of the samples', () => expect(policy.ports).toContain(2626));

  test.each([
    [li, maria],
    [maria, li],
  ])('production: %j asks, and %j approves', (asks, approves) => {
    expect(may(asks, 'add')).toBe(true);
    const wanted = release('add', asks);
    if (wanted.kind !== 'approval') throw new Error(`${wanted.kind} is no approval`);
    expect(wanted.channelId).toBe(approves.channelId);
    expect(may(approves, 'approve')).toBe(true);
    const plan = { verb: 'add' as const, hostname, release: wanted };
    expect(mayApprove(policy, plan, asks, approves, groups).allowed).toBe(true);
    for (const other of [asks, oncall, guest])
      expect(mayApprove(policy, plan, asks, other, groups).allowed).toBe(false);
  });

  test('on call updates production at once, with a reason, and does nothing else there', () => {
    expect(may(oncall, 'update')).toBe(true);
    expect(release('update', oncall)).toMatchObject({ kind: 'approval' });
    expect(release('update', oncall, 'its server burns')).toMatchObject({ kind: 'break-glass' });
    for (const verb of ['add', 'remove', 'undo', 'adopt', 'approve']) expect(may(oncall, verb)).toBe(false);
    expect(may(oncall, 'update', 'gitlab.mail.corp.internal')).toBe(false);
    expect(release('update', li, 'its server burns')).toMatchObject({ kind: 'refused' });
  });

  test('the guest may do nothing', () => {
    for (const verb of ['show', 'list', 'check', 'add', 'approve']) expect(may(guest, verb)).toBe(false);
  });

  test('li looks after git, mail and prod; maria after everything', () => {
    expect(may(li, 'add', 'x.mail.corp.internal')).toBe(true);
    expect(may(li, 'add', 'x.hr.corp.internal')).toBe(false);
    expect(may(maria, 'add', 'x.hr.corp.internal')).toBe(true);
    expect(may(maria, 'check:deliver', 'x.hr.corp.internal')).toBe(true);
  });
});
