import { describe, expect, it } from 'vitest';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { deduplicationId, messageGroup } from '../../../lib/app/queue/message-group.ts';
import type { Command } from '../../../lib/core/grammar/command.ts';

const command = (asked: Command, requestId = 'request-1'): QueueMessage => ({
  kind: 'command',
  requestId,
  receivedAt: '2026-03-02T14:02:00.000Z',
  actor: { teamId: 'T1', userId: 'U1', userName: 'maria', channelId: 'C1' },
  replyTo: { channelId: 'C1', userId: 'U1' },
  text: asked.verb,
  command: asked,
  replaceOriginal: false,
});
const add = (hostname: string) => command({ verb: 'add', definition: { hostname, targets: [] }, dryRun: false });

describe('messageGroup', () => {
  it("is a change's hostname, however it is spelt", () => {
    for (const spelling of ['gitlab.corp.internal', 'GitLab.corp.internal.', ' gitlab.corp.internal'])
      expect(messageGroup(add(spelling))).toBe('name:gitlab.corp.internal');
  });

  it('is a resumed change’s hostname too, so that it waits its turn', () => {
    expect(messageGroup({ kind: 'resume', hostname: 'gitlab.corp.internal', changeId: 'c1' })).toBe(
      'name:gitlab.corp.internal',
    );
  });

  it('is the same for all announcements', () => {
    expect(messageGroup({ kind: 'announce', hostname: 'gitlab.corp.internal', changeId: 'c1' })).toBe('system:audit');
  });

  it.each<Command>([
    { verb: 'show', hostname: 'gitlab.corp.internal', share: false },
    { verb: 'check', hostname: 'gitlab.corp.internal', deliver: false, share: false },
    { verb: 'list', page: 1, share: false },
    { verb: 'history', hostname: 'gitlab.corp.internal', page: 1, share: false },
    { verb: 'status', share: false },
    { verb: 'whoami' },
    { verb: 'home' },
  ])('is its own request for $verb', (asked) =>
    expect(messageGroup(command(asked, 'request-7'))).toBe('read:request-7'),
  );

  it.each(['почта.corp.internal', 'a b', 'x'.repeat(129), 'line\nend'])(
    'is a digest where SQS would refuse it: %j',
    (hostname) => {
      expect(messageGroup(add(hostname))).toMatch(/^name:[0-9a-f]{64}$/);
    },
  );
});

describe('deduplicationId', () => {
  it('is the request, or what is to be done with which change', () => {
    expect(deduplicationId(add('a.corp'))).toBe('request-1');
    expect(deduplicationId({ kind: 'resume', hostname: 'a.corp', changeId: 'c1' })).toBe('resume:c1');
    expect(deduplicationId({ kind: 'announce', hostname: 'a.corp', changeId: 'c1' })).toBe('announce:c1');
  });
});
