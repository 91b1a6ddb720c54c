import { describe, expect, it } from 'vitest';
import { isSent, slackSteps } from '../../../lib/app/notify/incident-places.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { IncidentCause } from '../../../lib/core/watch/incident/incident-cause.ts';
import { sampleIncident } from '../../support/sample-incident.ts';

const minuteMs = 60_000;
const rules = watchRulesSchema.parse({
  channel: 'C0ONCALL',
  userGroup: 'S0MAIL',
  reminder: { minutes: 15, times: 1 },
  escalation: { minutes: 30, userGroup: 'S0LEADS' },
});

/** An hour after an incident that has also become worse. */
const stepsIn = (destination: string | undefined, cause: IncidentCause) =>
  slackSteps(
    {
      incident: sampleIncident({ cause, updates: [{ atMs: minuteMs, step: 'worse', text: 'Down.' }] }),
      ...(destination === undefined ? {} : { destination }),
    },
    { acknowledgement: undefined, rules, nowMs: 120 * minuteMs, isMuted: false },
  );
const kindsIn = (...given: Parameters<typeof stepsIn>) => stepsIn(...given).map(({ kind }) => kind);

const single: IncidentCause = { kind: 'single', hostname: 'a.mail.corp.internal' };
const resolver: IncidentCause = { kind: 'resolver' };
const owner = 'channel:C0OWNER1';

describe('the steps of an incident', () => {
  it('remind and escalate in the on-call channel', () => {
    expect(kindsIn(undefined, single)).toEqual(['opened', 'worse', 'reminder', 'escalation']);
    expect(kindsIn(undefined, resolver).toSorted()).toEqual(['escalation', 'mention', 'opened', 'reminder', 'worse']);
  });

  it('neither remind, escalate nor mention anybody in the channel of an owner', () => {
    for (const cause of [single, resolver]) {
      expect(kindsIn(owner, cause)).toEqual(['opened', 'worse']);
      expect(stepsIn(owner, cause).flatMap(({ mentions }) => mentions)).toEqual([]);
    }
  });
});

describe('a channel that heard of an incident late', () => {
  const told = { id: 'endpoint-1', channelId: 'C0ONCALL', ts: '1.000001', revision: 1, updates: 0 };
  const leftFor = (postedAtMs: number, cause: IncidentCause): readonly string[] =>
    stepsIn(undefined, cause)
      .filter((step) => !isSent(step, { ...told, postedAtMs }))
      .map(({ kind }) => kind);

  it('is not told what was due before, but what has become of it', () => {
    for (const cause of [single, resolver]) expect(leftFor(120 * minuteMs, cause)).toEqual(['worse']);
  });

  it('would have been told all of it, had it heard at once', () => {
    expect(leftFor(0, single)).toEqual(['worse', 'reminder', 'escalation']);
  });
});
