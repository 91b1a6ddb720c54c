import { expect, it } from 'vitest';
import { listHealths, saveHealth } from '../../lib/app/state/health-store.ts';
import { forgetIncident, listIncidents, saveIncident } from '../../lib/app/state/incident-store.ts';
import type { Destination } from '../../scripts/simulate/destinations.ts';
import { type Memory, plainMemory } from '../../scripts/simulate/play.ts';
import { holds, runDay } from '../../scripts/simulate/run-day.ts';
import { scoreOf } from '../../scripts/simulate/score.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { createMemoryStateStore } from '../support/memory-state-store.ts';
import { sampleIncident } from '../support/sample-incident.ts';

const { signal } = new AbortController();

/** The product's own stores, over a state table in memory. */
const storedMemory = (): Memory => {
  const state = createMemoryStateStore(createManualClock());
  return {
    readHealths: () => listHealths(state, signal),
    readIncidents: () => listIncidents(state, signal),
    writeHealths: async (healths) => {
      for (const [hostname, health] of healths) await saveHealth(state, hostname, health, signal);
    },
    writeIncidents: async (incidents) => {
      for (const incident of incidents) await saveIncident(state, incident, signal);
    },
    file: (incident) => forgetIncident(state, incident.id, [], signal),
  };
};

it.each([
  ['kept in memory', 101, 120, plainMemory],
  ['kept in the state table', 102, 40, storedMemory],
] as const)(
  'watch through a day, %s: none missed, none false, one alert an incident',
  async (_, seed, endpoints, memory) => {
    const day = await runDay(seed, endpoints, memory());
    const { score, told } = day;
    expect(score).toMatchObject({ missed: [], false: [], repeated: [], unrecovered: [] });
    expect(score.alerts).toBe(score.incidents);
    expect(day).toMatchObject({ alerts: score.incidents, wronglyAsked: [] });
    expect(day.secondWithinSeconds).toBeLessThanOrEqual(90);
    expect(score.incidents).toBeGreaterThan(5);
    expect(told.some(({ incident }) => incident.cause.kind === 'resolver')).toBe(true);
    expect(told.some(({ incident }) => incident.members.length > 2 && incident.cause.kind === 'target')).toBe(true);
    expect(holds(day)).toBe(true);
  },
);

it('notices a watch that is deaf, and one that cries wolf', async () => {
  const deaf: Memory = { ...plainMemory(), writeHealths: async () => undefined };
  const day = await runDay(103, 40, deaf);
  const { score, truth } = day;
  expect(score.missed.length).toBeGreaterThan(0);
  expect(holds(day)).toBe(false);

  const hostname = truth.endpoints[0]?.hostname ?? '';
  const incident = sampleIncident({ id: 'wolf', hostname });
  const terms = { intervalMs: 300_000, looks: 2 };
  expect(scoreOf(truth, [{ incident, atMs: 0, what: 'opened' }], terms, 0, 0).false).toHaveLength(1);
});

it('notices a second destination that is late, one that hears nothing, and a reminder too many', async () => {
  const late: Destination = { name: 'second', takes: (atMs) => Math.floor(atMs / 600_000) % 2 === 0 };
  expect((await runDay(104, 40, plainMemory(), late)).secondWithinSeconds).toBeGreaterThan(90);
  const day = await runDay(104, 40, plainMemory(), { name: 'second', takes: () => false });
  expect(day.secondWithinSeconds).toBe(Infinity);
  expect(day.wronglyAsked.length).toBeGreaterThan(0);
  expect(holds(day)).toBe(false);
});
