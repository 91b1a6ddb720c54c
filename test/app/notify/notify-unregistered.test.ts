import { expect, it } from 'vitest';
import { saveIncident } from '../../../lib/app/state/incident-store.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { Incident } from '../../../lib/core/watch/incident/incident.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const { signal } = new AbortController();

/** An incident of mail to an endpoint that Postal has and nobody registered, in the on-call channel. */
const mailFails = () => {
  const worker = workerUnderTest({
    policy: {
      watch: watchRulesSchema.parse({ channel: 'C0ONCALL' }),
      grants: [
        { name: 'mail', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['*'] },
        { name: 'readers', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['audit', 'show', 'list'] },
      ],
    },
    channels: ['C0AUDIT', 'C0ONCALL'],
  });
  const incident = sampleIncident({
    hostname: host,
    cause: { kind: 'deliveries', hostname: host },
    openedAtMs: worker.clock.now(),
  });
  const tell = async (change: Partial<Incident> = {}) => {
    const now = { ...incident, ...change };
    await saveIncident(worker.ports.state, now, signal);
    await worker.work({ kind: 'incident', incidentId: now.id, revision: now.revision });
  };
  const buttons = (): readonly string[] =>
    (worker.messenger.posts.find(({ channelId }) => channelId === 'C0ONCALL')?.message.blocks ?? []).flatMap((block) =>
      block.type === 'actions'
        ? block.elements.flatMap((element) => (element.type === 'button' ? element.text.text : []))
        : [],
    );
  return { worker, tell, buttons };
};

it('offers an import and the audit while it is open, and the audit alone once it is resolved', async () => {
  const { worker, tell, buttons } = mailFails();
  await tell();
  expect(buttons()).toEqual(["I'm on it", 'Import fixes', 'Audit']);
  const closedAtMs = worker.clock.now() + 60_000;
  await tell({ revision: 2, closedAtMs });
  expect(buttons()).toEqual(['Audit']);
  await worker.say(`add ${host} 10.0.4.12`, { user: 'li' });
  await tell({ revision: 3, closedAtMs });
  expect(buttons()).toEqual(['Check again', 'History']);
});

it('answers whoever presses the import without the right to it in private, says why, and plans nothing', async () => {
  const { worker, tell } = mailFails();
  await tell();
  const alert = worker.messenger.posts.find(({ channelId }) => channelId === 'C0ONCALL')?.message;
  await worker.say(worker.button('Import fixes'), { channel: 'C0ONCALL' });
  const [answer, ...others] = worker.messenger.replies;
  expect(others).toEqual([]);
  expect(answer).toMatchObject({ to: { userId: 'U0MARIA' }, inChannel: false, replaceOriginal: false });
  expect(worker.lastReply()).toMatch(/import/);
  expect(worker.lastReply()).toContain('Nothing was changed. What you may do: /postal-endpoint whoami');
  expect(worker.messenger.posts.map(({ message }) => message)).toEqual([alert]);
});
