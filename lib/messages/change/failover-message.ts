import type { KnownBlock } from '@slack/types';
import type { Plan } from '../../core/dns/plan.ts';
import type { Targets } from '../../core/endpoint/definition.ts';
import { assess } from '../../core/postal/assess.ts';
import type { Assessed } from '../../core/postal/assessment.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { Probed } from '../../core/probe-report/report.ts';
import { actions, code, escapeText, preformatted, section } from '../block-kit/blocks.ts';
import { type Confirmation, commandButton } from '../block-kit/button.ts';
import { levelMark, levelOf, verdictSentence } from '../check/probe-blocks.ts';
import type { Message } from '../message.ts';
import { targetsText } from './record-lines.ts';

/** The probes of the standby and of the current target, made before a failover was offered. */
export type FailoverProbes = { readonly standby: Probed; readonly current: Probed };

type Seen = { readonly profile: PostalProfile; readonly nowMs: number };

const isIn = (seen: Assessed): boolean => levelOf(seen) === 'good' || levelOf(seen) === 'warning';

/** Whether Postal can deliver to the current target and is known not to get in at the standby. */
export const breaksDelivery = ({ standby, current }: FailoverProbes, seen: Seen): boolean => {
  const there = assess(standby.result, seen);
  return !isIn(there) && levelOf(there) !== 'unknown' && isIn(assess(current.result, seen));
};

/**
 * Warnings before a failover, in plain sentences.
 *
 * | new target \ current target | up | down | unknown |
 * | --- | --- | --- | --- |
 * | up | not needed, unless it goes back | – | – |
 * | down | would break what works | both are down | would not help |
 * | unknown | unknown | unknown | unknown |
 */
export const failoverWarnings = (
  { goesBackOn }: Pick<Plan, 'goesBackOn'>,
  { standby, current }: FailoverProbes,
  seen: Seen,
): readonly string[] => {
  const [there, here] = [assess(standby.result, seen), assess(current.result, seen)];
  // Going back is for a current target that works.
  if (isIn(there))
    return isIn(here) && goesBackOn === undefined
      ? ['standby: a failover is not needed: Postal can deliver to the current target.']
      : [];
  if (levelOf(there) === 'unknown') return ['standby: it could not be checked. Failing over may not help.'];
  if (isIn(here)) return ['standby: it is DOWN, and the current target works: failing over would BREAK delivery.'];
  if (levelOf(here) === 'bad')
    return ['standby: BOTH ARE DOWN. Failing over does not help: repair one of the two servers.'];
  return ['standby: it is DOWN. Failing over does not help.'];
};

const probed = (label: string, targets: Targets | undefined, { result }: Probed, seen: Seen): KnownBlock => {
  const assessed = assess(result, seen);
  const where = targets === undefined ? '' : ` ${code(targetsText(targets))}`;
  const verdict = `${levelMark(levelOf(assessed))} *${escapeText(verdictSentence(assessed))}*`;
  return section(`*${label}*${where}, checked just now:\n${verdict}`);
};

/** The verdicts on both targets of a failover. Findings stay in `check`: on a phone the buttons have to be near. */
export const besideFailover = (plan: Plan, { standby, current }: FailoverProbes, seen: Seen): readonly KnownBlock[] => [
  probed('New target', plan.definitionAfter?.targets, standby, seen),
  probed('Current target', plan.definitionBefore?.targets, current, seen),
];

/** What is asked before a press that would break what works. */
export const wouldBreak: Confirmation = {
  title: 'This would break delivery',
  text: 'Postal can deliver to the current target. It will not get in at the new one: mail will wait, and finally bounce.',
};

/** A failover that would be applied at once and break what works: it goes with one more word only. */
export const wouldBreakMessage = (commandLine: string): Message => {
  const head =
    'This failover would break delivery: Postal can deliver to the current target, and not to the standby. Nothing was changed.';
  const line = `${commandLine} --force`;
  return {
    text: `${head} To fail over anyway: /postal-endpoint ${line}`,
    blocks: [
      section(`🛑 *${head}*`),
      section('To fail over anyway:'),
      preformatted(`/postal-endpoint ${line}`),
      actions([commandButton('Fail over anyway', line, { style: 'danger', confirm: wouldBreak })]),
    ],
  };
};
