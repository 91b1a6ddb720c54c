import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import { approversChannel, type Cloud, commandChannel } from '../../test/support/cloud/cloud.ts';
import type { CrashPoint, Tally } from '../../test/support/cloud/crashing-ports.ts';
import {
  type Afterlife,
  buttonsIn,
  commandMessage,
  invoke,
  recover,
  workToRest,
} from '../../test/support/cloud/office.ts';
import { type Judgement, judge } from './judge.ts';
import type { Scenario, Step } from './scenario.ts';

const { signal } = new AbortController();

/** What a step sends to the queue; undefined where the button that it presses is nowhere to be seen. */
const messageOf = async (cloud: Cloud, { hostname }: Scenario, step: Step, requestId: string) => {
  if ('line' in step) return commandMessage(cloud, step.by, step.line, { requestId });
  const newest = [...fold(await cloud.ports.ledger.read(hostname, signal)).changes.keys()].at(-1) ?? '';
  const button = buttonsIn(cloud.said()).findLast(({ label, line }) => label === step.press && line.includes(newest));
  if (newest === '' || button === undefined) return undefined;
  const channelId = button.on.channelId === approversChannel ? approversChannel : commandChannel;
  return commandMessage(cloud, step.by, button.line, { requestId, channelId, replaceOriginal: button.replaces });
};

/** What one run came to. */
export type Run = { readonly calls: readonly string[]; readonly judgement: Judgement };

/** Runs a scenario whose worker dies at a point, lets the recovery do its work, and judges what is left. */
export const runScenario = async (
  given: Cloud,
  scenario: Scenario,
  point: CrashPoint | undefined,
  afterlife: Afterlife,
): Promise<Run> => {
  const { route53 } = scenario;
  const cloud: Cloud =
    route53 === undefined
      ? given
      : { ...given, ports: { ...given.ports, zones: { ...given.ports.zones, submit: async () => route53 } } };
  const undisturbed: Tally = { calls: [], point: undefined };
  const tally: Tally = { calls: [], point };
  const take = async (steps: readonly Step[], name: string, with_: Tally): Promise<boolean> => {
    for (const [number, step] of steps.entries()) {
      const message = await messageOf(cloud, scenario, step, `request-${name}-${number + 1}`);
      if (message === undefined) return false;
      await cloud.ports.queue.send(message, signal);
      await workToRest(cloud, (delivery) => invoke(cloud, delivery, with_, afterlife));
      await cloud.clock.advance(1_000);
    }
    return true;
  };
  if (!(await take(scenario.before, 'before', undisturbed)))
    throw new Error(`${scenario.name}: what comes before it cannot be done`);
  const began: { readonly zone: readonly RecordSet[]; readonly said: number } = {
    zone: await cloud.zone(),
    said: cloud.said().length,
  };
  const isThrough = await take(scenario.steps, 'step', tally);
  await recover(cloud, (delivery) => invoke(cloud, delivery, tally, afterlife));
  return {
    calls: tally.calls,
    judgement: await judge(cloud, scenario, { ...began, isThrough, point, afterlife, calls: tally.calls }),
  };
};
