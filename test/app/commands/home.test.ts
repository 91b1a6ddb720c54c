import { describe, expect, it } from 'vitest';
import { directoryItem, saveProbe } from '../../../lib/app/state/directory.ts';
import { saveDrift } from '../../../lib/app/state/drift-store.ts';
import { saveHealth } from '../../../lib/app/state/health-store.ts';
import { saveIncident } from '../../../lib/app/state/incident-store.ts';
import { saveLookTimes } from '../../../lib/app/state/look-times.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import { listedStates } from '../../../lib/core/grammar/filter-parts.ts';
import type { ProbeRequest } from '../../../lib/core/probe-report/report.ts';
import { endpointStates } from '../../../lib/core/watch/health/observation.ts';
import type { Member } from '../../../lib/core/watch/incident/incident.ts';
import { statesWorstFirst } from '../../../lib/messages/check/state-words.ts';
import { countedRequests } from '../../support/counted-requests.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { address, answered, passed, refusing, report } from '../../support/sample-probe.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const dayMs = 86_400_000;
const grants = [
  { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
  { name: 'git', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['*'], hostnames: ['*.git.corp.internal'] },
];
const busy = address('10.0.4.12', [passed('connect'), answered('banner', '421 4.7.0 too busy')]);
const mail = 'secret.mail.corp.internal';
const git = 'open.git.corp.internal';

const memberOf = (hostname: string): Member => ({ hostname, state: 'down', joinedAtMs: 0 });

const definitionOf = (name: string) => {
  const parsed = parseHostname(name);
  if (!('hostname' in parsed)) throw new RangeError(name);
  return {
    hostname: parsed.hostname,
    targets: { kind: 'addresses', addresses: ['10.0.4.12'] },
    port: 25,
    sslMode: 'Auto',
    ttlSeconds: 60,
  } as const;
};

const worker = async (...names: readonly string[]) => {
  const made = workerUnderTest({ policy: { grants } });
  const { state } = made.ports;
  for (const name of names) {
    await state.put(
      directoryItem({
        definition: definitionOf(name),
        changeId: '01J',
        userId: 'U0MARIA',
        at: '2026-03-02T14:00:00.000Z',
      }),
      false,
      signal,
    );
  }
  const request = (hostname: string): ProbeRequest => ({
    requestId: 'r',
    ...definitionOf(hostname),
    targets: [],
    recordTypes: ['A'],
    deadlineMs: 1,
  });
  const ago = (ms: number): number => made.clock.now() - ms;
  return {
    ...made,
    ago,
    incident: (more: Parameters<typeof sampleIncident>[0]) =>
      saveIncident(
        state,
        sampleIncident({ id: `i-${JSON.stringify(more).length}`, openedAtMs: ago(3_600_000), ...more }),
        signal,
      ),
    probed: (hostname: string, atMs: number, isDown: boolean) =>
      saveProbe(
        state,
        hostname,
        {
          at: new Date(atMs).toISOString(),
          result: {
            ok: true,
            report: isDown ? report([refusing('10.0.4.12')], { hostname, port: 25 }) : healthyReport(request(hostname)),
          },
        },
        signal,
      ),
    watched: async (hostname: string, atMs: number, more: Partial<Parameters<typeof saveHealth>[2]> = {}) => {
      await saveHealth(state, hostname, { state: 'up', sinceMs: atMs, recent: [], ...more }, signal);
      await saveLookTimes(state, [hostname], new Map([[hostname, atMs]]), signal);
    },
    /** The App Home as one text, as this person has it. */
    homeOf: async (user = 'maria'): Promise<string> => {
      await made.work({ ...made.message('whoami', { user }), command: { verb: 'home' } });
      return JSON.stringify(made.messenger.homes.get(`U0${user.toUpperCase()}`));
    },
  };
};

describe('what is read for it', () => {
  it.each(['home', 'status'] as const)(
    '%s lists each collection once, and the same for few and for many names',
    async (what) => {
      const asked = async (count: number): Promise<readonly string[]> => {
        const desk = await worker(...Array.from({ length: count }, (_, index) => `h${index}.mail.corp.internal`));
        for (let index = 0; index < count; index += 1) {
          await desk.watched(`h${index}.mail.corp.internal`, desk.ago(60_000));
          await desk.probed(`h${index}.mail.corp.internal`, desk.ago(90_000), index % 2 === 0);
        }
        const { ports, requests } = countedRequests(desk.ports);
        await desk.work(
          { ...desk.message('whoami'), command: what === 'home' ? { verb: what } : { verb: what, share: false } },
          1,
          ports,
        );
        return requests.filter((each) => !each.startsWith('get handled-requests/')).toSorted();
      };
      const few = await asked(3);
      expect(few).toContain('list directory');
      expect(new Set(few).size).toBe(few.length);
      expect(await asked(30)).toEqual(few);
    },
  );
});

describe('what the App Home shows first', () => {
  it('is what needs a person: incidents, plans that wait, drift', async () => {
    const desk = await worker(mail, git);
    await desk.incident({
      hostname: mail,
      state: 'down',
      sentence: 'Postal will not get in: it will retry, then bounce.',
    });
    await desk.incident({ hostname: git, state: 'down', closedAtMs: desk.ago(0), sentence: 'Long over.' });
    await saveDrift(
      desk.ports.state,
      git,
      { sinceMs: desk.ago(60_000), finding: { code: 'drift', text: 'The marker is gone.', remedy: 'Adopt it.' } },
      signal,
    );
    await desk.say('add plan.mail.corp.internal 10.0.4.13');
    await desk.say('remove plan.mail.corp.internal');
    const shown = await desk.homeOf();
    const places = [
      '1 open incident',
      `${mail} is down`,
      'nobody is on it yet',
      'To decide',
      'remove plan.mail.corp.internal',
      'The marker is gone.',
      'Last changes',
      '*Endpoints*',
    ].map((part) => shown.indexOf(part));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(shown).not.toContain('Long over.');
    expect(shown).not.toContain('Nothing needs attention');
  });

  it('says so where nothing does', async () => {
    const desk = await worker(git);
    expect(await desk.homeOf()).toContain('Nothing needs attention');
    expect(await (await worker()).homeOf()).toContain('No endpoint is registered yet.');
  });

  it('is nothing of what is not granted: of an incident of many, only what is', async () => {
    const desk = await worker(mail, git);
    await desk.incident({ hostname: mail, state: 'down' });
    await desk.incident({ cause: { kind: 'mass-outage' }, of: 2, members: [mail, git].map(memberOf) });
    await desk.incident({
      cause: { kind: 'certificate', expiresAtMs: 1 },
      members: [memberOf(mail)],
      sentence: 'It ends soon.',
    });
    await saveDrift(
      desk.ports.state,
      mail,
      { sinceMs: desk.ago(1), finding: { code: 'drift', text: 'Changed.', remedy: 'Mend.' } },
      signal,
    );
    await desk.say('add late.mail.corp.internal 10.0.4.13');
    await desk.say('remove late.mail.corp.internal');
    const shown = await desk.homeOf('li');
    expect(shown).toContain('2 of 2 endpoints failed together');
    expect(shown).toContain(git);
    expect(shown).not.toContain('mail.corp.internal');
    expect(shown).not.toContain('It ends soon.');
  });

  it('stays within what a view takes, however much there is, and says what it leaves out', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `h${index}.mail.corp.internal`);
    const desk = await worker(...names);
    for (const [index, hostname] of names.entries()) {
      await desk.incident({ id: `i${index}`, hostname, state: 'down', sentence: '<'.repeat(2_900) });
      await saveDrift(
        desk.ports.state,
        hostname,
        { sinceMs: desk.ago(1), finding: { code: 'drift', text: '<'.repeat(900), remedy: '' } },
        signal,
      );
      await desk.watched(hostname, desk.ago(0), { certificateExpiresAtMs: desk.ago(-index * dayMs) });
    }
    const shown = await desk.homeOf();
    expect(shown).toContain('52 more');
    expect(shown).toContain('… and 21 more');
    expect(desk.logged).toEqual([]);
  });
});

describe('counts, certificates, changes', () => {
  it('counts by state, as list does, and marks what is muted until when', async () => {
    const desk = await worker(mail, git, 'a.git.corp.internal');
    await desk.probed(mail, desk.ago(1_000), true);
    await desk.probed(git, desk.ago(1_000), false);
    await desk.ports.state.put(
      {
        collection: 'mutes',
        key: `${mail}#0`,
        value: { hostname: mail, fromMs: 0, untilMs: desk.ago(-3_600_000), by: 'U0MARIA' },
      },
      false,
      signal,
    );
    const counts = '❌ 1 down   ❔ 1 inconclusive   ✅ 1 up';
    const shown = await desk.homeOf();
    expect(shown).toContain(`${counts}   🔕 1 muted`);
    expect(shown).toContain(`🔕 muted until <!date^${desk.ago(-3_600_000) / 1000}^`);
    await desk.say('list');
    expect(desk.lastReply()).toContain(counts);
    await desk.say('list --state muted');
    expect(desk.lastReply()).toContain(mail);
    expect(desk.lastReply()).not.toContain(git);
  });

  it('names certificates of the next 30 days, the soonest first', async () => {
    const desk = await worker(mail, git, 'a.git.corp.internal');
    await desk.watched(mail, desk.ago(0), { certificateExpiresAtMs: desk.ago(-12.5 * dayMs) });
    await desk.watched(git, desk.ago(0), { certificateExpiresAtMs: desk.ago(-3.5 * dayMs) });
    await desk.watched('a.git.corp.internal', desk.ago(0), { certificateExpiresAtMs: desk.ago(-31 * dayMs) });
    const shown = await desk.homeOf();
    expect(shown).toMatch(/in 3 days\* {2}open\.git.*in 12 days\* {2}secret\.mail/);
    expect(shown).not.toContain('in 31 days');
  });

  it('has the last five changes, newest first, with links to their messages', async () => {
    const desk = await worker();
    for (let index = 0; index < 7; index += 1) {
      await desk.say(`add c${index}.mail.corp.internal 10.0.4.12`);
      await desk.clock.advance(dayMs / 2);
    }
    const shown = /Last changes.*?divider/.exec(await desk.homeOf())?.[0] ?? '';
    expect([...shown.matchAll(/add \*(c\d)/g)].map(([, name]) => name)).toEqual(['c6', 'c5', 'c4', 'c3', 'c2']);
    expect(shown).toContain('<https://local.example/archives/C0AUDIT/');
    expect(shown).toContain('✅ applied');
  });
});

describe('how an endpoint is', () => {
  it('is as watch has confirmed it, until somebody had a closer look since', async () => {
    const desk = await worker(mail);
    await desk.watched(mail, desk.ago(60_000));
    await desk.probed(mail, desk.ago(120_000), true);
    expect(await desk.homeOf()).toContain('up · last check found it down, not confirmed yet');
    await desk.probed(mail, desk.ago(10_000), true);
    expect(await desk.homeOf()).toContain('down · retries, then bounces');
  });

  it('is not up merely because watch has never seen otherwise', async () => {
    const desk = await worker(mail);
    await desk.watched(mail, desk.ago(60_000));
    const result = { ok: true, report: report([busy], { hostname: mail, port: 25 }) } as const;
    await saveProbe(desk.ports.state, mail, { at: new Date(desk.ago(120_000)).toISOString(), result }, signal);
    expect(await desk.homeOf()).toContain('inconclusive · unknown: a temporary refusal');
    await desk.watched(mail, desk.ago(60_000), { encrypted: true });
    expect(await desk.homeOf()).toContain('up · last check found it inconclusive');
  });

  it('is not told where watch is blind', async () => {
    const desk = await worker(mail);
    await desk.probed(mail, desk.ago(120_000), false);
    await desk.watched(mail, desk.ago(60_000), { blind: { sinceMs: desk.ago(90_000), cause: 'resolver' } });
    expect(await desk.homeOf()).toContain('inconclusive · unknown: the resolver failed');
  });
});

it('list can be narrowed to every state that there is', () => {
  expect(listedStates).toEqual([...statesWorstFirst, 'muted']);
  expect(statesWorstFirst.toSorted()).toEqual(endpointStates.toSorted());
});

it('list refuses a state that there is not', async () => {
  const desk = await worker(mail);
  await desk.say('list --state broken');
  expect(desk.lastReply()).toContain('state: unknown state "broken". Write down, drifted, plaintext');
  await desk.say('list --state down');
  expect(desk.lastReply()).toContain('No endpoint is down.');
});
