import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProber } from '../../lib/adapters/probe/prober.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { look } from '../../lib/app/watch/probe-round.ts';
import { budgets } from '../../lib/core/limits/limits.ts';
import { jsonOctets } from '../../lib/core/limits/octets.ts';
import { boundedResult } from '../../lib/core/probe-report/bounded-report.ts';
import type { ProbeRequest, ProbeResult } from '../../lib/core/probe-report/report.ts';
import { makeCertificate } from '../support/certificate.ts';
import { hostileServers } from '../support/hostile-servers.ts';
import { addressesStanding } from '../support/memory-ports.ts';
import { mailServer, type ScriptedServer, startScript } from '../support/smtp-script.ts';
import { workerUnderTest } from '../support/worker-under-test.ts';

const cidrs = ['127.20.0.0/16'];
const standby = '127.20.2.1';
/** In place of Postal's 30 s and a probe's 10 s. */
const budgetMs = 250;
const longestProbeMs = 1_500;
const signal = new AbortController().signal;

type Endpoint = { readonly what: string; readonly hostname: string; readonly server: ScriptedServer };

describe('hostile mail servers', () => {
  const endpoints: Endpoint[] = [];
  const open = new AsyncDisposableStack();
  let worker: ReturnType<typeof workerUnderTest>;

  beforeAll(async () => {
    const certificate = await makeCertificate();
    for (const [what, script] of hostileServers(certificate)) {
      const number = endpoints.length + 1;
      const server = open.use(await startScript(script, `127.20.1.${number}`));
      if (!endpoints.some((earlier) => earlier.server.port === server.port))
        open.use(await startScript(mailServer(), standby, server.port));
      endpoints.push({ what, hostname: `h${number}.corp.internal`, server });
    }
    const ports = endpoints.map(({ server }) => server.port);
    worker = workerUnderTest({ policy: { cidrs, ports } });
    const settings = { connectBudgetMs: budgetMs, replyBudgetMs: budgetMs, longestPatienceMs: budgetMs };
    const prober = createProber({
      policy: { cidrs, ports },
      profile: worker.ports.profile,
      clock: systemClock,
      ...settings,
    });
    const probe = async (request: ProbeRequest): Promise<ProbeResult> => {
      const targets = request.targets ?? addressesStanding(worker.zones, request.hostname);
      const deadlineMs = Math.min(request.deadlineMs, longestProbeMs);
      return boundedResult(await prober.probe({ ...request, targets, deadlineMs }, signal));
    };
    Object.assign(worker.ports.prober, { probe });
    Object.assign(worker.ports.batchProber, {
      probeMany: (requests: readonly ProbeRequest[]) => Promise.all(requests.map(probe)),
    });
  }, 60_000);
  afterAll(() => open.disposeAsync());

  /** Has every endpoint's command worked at the same time, then all that followed from it. */
  const ofEach = async (lineOf: (endpoint: Endpoint) => string | Promise<string>): Promise<void> => {
    const answered = worker.messenger.replies.length;
    const outcomes = await Promise.all(endpoints.map(async (each) => worker.work(worker.message(await lineOf(each)))));
    expect(outcomes.filter(({ kind }) => kind !== 'done')).toEqual([]);
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift())
      expect(await worker.work(next)).toEqual({ kind: 'done' });
    expect(worker.messenger.replies.length - answered).toBeGreaterThanOrEqual(endpoints.length);
  };

  const announced = async (): Promise<readonly string[]> =>
    (await worker.ledger.read('_audit', signal)).flatMap(({ body }) =>
      body.kind === 'announced' ? body.changes.map(({ hostname }) => hostname) : [],
    );

  const sorted = (names: readonly string[]): readonly string[] => names.toSorted();
  const everyName = (): readonly string[] => sorted(endpoints.map(({ hostname }) => hostname));

  const releaseOf = async ({ hostname }: Endpoint): Promise<string> => {
    const body = (await worker.ledger.read(hostname, signal)).at(-1)?.body;
    if (body?.kind !== 'requested') throw new Error(`${hostname} waits for nothing`);
    return `approve ${body.changeId} --plan ${body.plan.digest.slice(0, 24)}`;
  };

  it('are at least forty', () => expect(endpoints.length).toBeGreaterThanOrEqual(40));

  it('keep no addition from being applied, answered and announced', async () => {
    await ofEach(
      ({ hostname, server }) => `add ${hostname} ${server.address} --port ${server.port} --standby ${standby}`,
    );
    expect(sorted(await announced())).toEqual(everyName());
  }, 120_000);

  it('keep no check from its answer', () => ofEach(({ hostname }) => `check ${hostname}`), 120_000);

  it('keep no check of all from its table', async () => {
    expect(await worker.say('check all')).toEqual({ kind: 'done' });
    expect(worker.lastReply()).toContain(`${endpoints.length} endpoints checked`);
  }, 120_000);

  it('keep no round of watch from seeing all of them', async () => {
    const { ports } = worker;
    const deadline = { atMs: ports.clock.now() + 110_000, signal };
    const deadLetters = { receive: async () => [], remove: async () => undefined };
    const watch = {
      ...ports,
      prober: ports.batchProber,
      zones: ports.zoneListing,
      deadLetters,
      newToken: () => 'token',
    };
    const round = await look(watch, deadline);
    expect(round).toMatchObject({ endpoints: endpoints.length, looked: endpoints.length, busy: 0 });
    expect(Object.values(round.states).reduce((sum, count) => sum + count, 0)).toBe(endpoints.length);
  }, 120_000);

  it('keep no failover from leading away from them', async () => {
    await ofEach(({ hostname }) => `failover ${hostname}`);
    await ofEach(releaseOf);
    expect(sorted(await announced())).toEqual(sorted([...everyName(), ...everyName()]));
    for (const { hostname } of endpoints) expect(addressesStanding(worker.zones, hostname)).toEqual([standby]);
  }, 120_000);

  it('leave no item above its limit, and no error behind', async () => {
    for (const { key, value } of await worker.ports.state.list('probes', signal))
      expect(jsonOctets(value), key).toBeLessThan(budgets.probe + 100);
    for (const collection of ['healths', 'incidents', 'failover-probes', 'check-results'])
      for (const item of await worker.ports.state.list(collection, signal))
        expect(jsonOctets(item), item.key).toBeLessThan(budgets.stateItem);
    const failed = /could not be (?:worked|answered|kept|remembered|judged|told)|could not keep/;
    expect(worker.logged.filter((line) => failed.test(line))).toEqual([]);
  });
});
