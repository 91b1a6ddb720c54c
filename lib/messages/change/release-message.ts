import type { Button, KnownBlock } from '@slack/types';
import { asSentence } from '../../core/base/as-sentence.ts';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import type { Plan } from '../../core/dns/plan.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import type { People } from '../../core/policy/people.ts';
import {
  actions,
  code,
  context,
  dateText,
  escapeText,
  groupMention,
  mention,
  oneLine,
  preformatted,
  section,
  sections,
} from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import { firstThatFit } from '../block-kit/fit.ts';
import { waitingBulkBlocks } from '../bulk/waiting-bulks.ts';
import type { Message } from '../message.ts';
import { ownerText } from '../owner-text.ts';
import { warningBlocks } from '../refused-message.ts';
import { failoverDirection, infinitive } from './change-words.ts';
import { effectiveBlocks } from './effect-text.ts';
import { wouldBreak } from './failover-message.ts';
import { fieldBlocks } from './field-lines.ts';
import { definitionText, recordLines } from './record-lines.ts';

/** Characters of a plan's digest in a button: enough to tell all plans apart. */
export const digestLength = 24;

const whatWith = ({ verb, plan }: ChangeState): string => {
  const { hostname, definitionBefore, definitionAfter, undoes } = plan;
  if (undoes !== undefined) return `undo change ${shortChangeId(undoes)} of *${hostname}*`;
  if (definitionAfter === undefined)
    return `${verb} *${hostname}*${definitionBefore === undefined ? '' : ` (${escapeText(definitionText(definitionBefore))})`}`;
  return `${infinitive[verb]} *${hostname}*${failoverDirection(plan)}: ${escapeText(definitionText(definitionAfter))}`;
};

const applyLabel = ({ verb }: Plan): string => (verb === 'failover' ? 'Fail over' : 'Apply');

/** The button that releases a plan. Where it would break what works, it is red, asks once more, and carries the word that a typed approval needs. */
const releaseButton = ({ changeId, plan }: ChangeState, label: string, digest: string, replace = true): Button => {
  const line = `approve ${changeId} --plan ${digest}`;
  if (plan.breaksDelivery === true)
    return commandButton(`${label} anyway`, `${line} --force`, { replace, style: 'danger', confirm: wouldBreak });
  return commandButton(label, line, {
    replace,
    style: plan.definitionAfter === undefined && plan.release.kind !== 'approval' ? 'danger' : 'primary',
  });
};

/** Who uses what would change. */
const effect = ({ plan }: ChangeState, lastSeen: string | undefined): KnownBlock[] => {
  const { definitionBefore } = plan;
  if (definitionBefore === undefined) return [];
  const { name, owner, note } = definitionBefore;
  const uses = [
    ...(name === undefined ? [] : [`named ${code(name)}`]),
    ...(owner === undefined ? [] : [`owner ${ownerText(owner)}`]),
    ...(note === undefined ? [] : [code(note)]),
    lastSeen === undefined ? 'never checked' : `last checked ${dateText(lastSeen)}`,
  ];
  return sections(`Current endpoint: ${uses.join(' · ')}`);
};

/** Whom a request for approval mentions: never the requester, who cannot be the second person. */
export const called = ({ users = [], userGroups = [] }: People, requester: string): string =>
  [...userGroups.map(groupMention), ...users.filter((userId) => userId !== requester).map(mention)].join(' ');

/** Until when a plan waits, in the reader's own time zone. */
const untilText = ({ expiresAt }: Plan): string => dateText(expiresAt, '{date_short_pretty} at {time}');

/**
 * A plan for the person who decides on it: what would change, for whom, until when, and the buttons. They contain the plan's digest. `approvers` are called
 * by name, where they are asked.
 */
export const releaseMessage = (
  change: ChangeState,
  lastSeen: string | undefined,
  beside: readonly KnownBlock[] = [],
  approvers: People = {},
): Message => {
  const { plan, changeId, actor } = change;
  const isApproval = plan.release.kind === 'approval';
  const digest = plan.digest.slice(0, digestLength);
  const head = isApproval
    ? `🔐 ${mention(actor.userId)} asks to ${whatWith(change)}`
    : `📝 This will ${whatWith(change)}`;
  const whom = called(approvers, actor.userId);
  const waits =
    plan.release.kind === 'approval'
      ? `${whom === '' ? '' : `${whom}: `}The rule "${escapeText(plan.release.because)}" needs a second person${plan.release.onAccountOf === undefined ? '' : `, because ${escapeText(plan.release.onAccountOf)} points here`}. The buttons work until *${untilText(plan)}*. Without a decision nothing is changed.`
      : `Nothing is changed yet. The buttons work until *${untilText(plan)}*.`;
  const buttons = isApproval
    ? [
        releaseButton(change, 'Approve', digest),
        commandButton('Reject', `reject ${changeId}`, { replace: true, style: 'danger' }),
      ]
    : [
        releaseButton(change, applyLabel(plan), digest),
        commandButton('Cancel', `cancel ${changeId}`, { replace: true }),
      ];
  return {
    text: `${head.replaceAll('*', '')} · change ${shortChangeId(changeId)}`,
    blocks: [
      section(head),
      // On a phone only the first lines are in sight.
      ...warningBlocks(change.warnings),
      ...beside,
      preformatted(recordLines(plan)),
      ...fieldBlocks(plan),
      ...effectiveBlocks(plan),
      ...effect(change, lastSeen),
      ...sections(waits),
      actions(buttons),
      context(`change ${code(shortChangeId(changeId))} · plan ${code(digest)} · policy ${code(plan.policyVersion)}`),
    ],
  };
};

/** For the requester of a change that a second person has to approve. */
export const askedMessage = (change: ChangeState, channelId: string, failure: string | undefined): Message => {
  const { plan, changeId } = change;
  const asked =
    failure === undefined
      ? `⏳ Asked in <#${escapeText(channelId)}>: ${whatWith(change)}. It waits for a second person until *${untilText(plan)}*; I'll post the result here.`
      : `⚠️ Could not ask in <#${escapeText(channelId)}> (${escapeText(failure)}): ${whatWith(change)}. It waits for a second person until *${untilText(plan)}*. An approver can find it with ${code('/postal-endpoint pending')}.`;
  return {
    text: asked.replaceAll('*', ''),
    blocks: [
      section(asked),
      preformatted(recordLines(plan)),
      context(`You can cancel until somebody decides. Change ${code(shortChangeId(changeId))}`),
      actions([commandButton('Cancel', `cancel ${changeId}`, { replace: true })]),
    ],
  };
};

/** The outcome of a plan that waited, by whom and when. */
const outcomeText = (change: ChangeState): string => {
  const { actor, approvedBy, endedBy, finishedAt, plan } = change;
  const when = finishedAt === undefined ? '' : ` ${dateText(finishedAt)}`;
  const approval =
    approvedBy === undefined || approvedBy.userId === actor.userId ? '' : `Approved by ${mention(approvedBy.userId)}, `;
  const done = approval === '' ? 'Applied' : `${approval}applied`;
  const however = approval === '' ? 'It' : `${approval}but it`;
  const reason = change.reason === undefined || change.reason === '' ? '' : `: ${escapeText(oneLine(change.reason))}`;
  switch (change.state) {
    case 'applied':
      return `✅ ${done}${when}.`;
    case 'rejected':
      return `🚫 Rejected by ${mention((endedBy ?? actor).userId)}${when}${asSentence(reason)} Nothing was changed.`;
    case 'cancelled':
      return `🚫 Cancelled by ${mention((endedBy ?? actor).userId)}${when}. Nothing was changed.`;
    case 'expired':
      return `⌛ Expired ${dateText(plan.expiresAt)}: no answer in time. Nothing was changed.`;
    case 'failed':
      return `❌ ${however} could not be applied${when === '' ? '' : ` at${when}`}${asSentence(reason)}`;
    case 'conflict':
      return `🛑 ${however} was not applied: a person has to resolve a conflict${asSentence(reason)}`;
    case 'requested':
    case 'approved':
    case 'applying':
      return `⏳ ${however} is not applied yet.`;
  }
};

/** Replaces a request for approval once it is decided: the request, and who decided what. */
export const closedReleaseMessage = (change: ChangeState): Message => {
  const asked = `${mention(change.actor.userId)} asked to ${whatWith(change)}`;
  const outcome = outcomeText(change);
  return {
    text: `${outcome} ${asked.replaceAll('*', '')}`,
    blocks: [
      ...sections(`${outcome}\n${asked}`),
      preformatted(recordLines(change.plan)),
      context(`change ${code(shortChangeId(change.changeId))}`),
    ],
  };
};

/** The answer to cancelling a plan that no longer waits. */
export const cancelledTooLateMessage = (change: ChangeState): Message => {
  const { changeId, plan } = change;
  const head = `${outcomeText(change)} It can no longer be cancelled.\nYou asked to ${whatWith(change)}`;
  return {
    text: head.replaceAll('*', ''),
    blocks: [
      ...sections(head),
      actions([
        ...(change.state === 'applied' ? [commandButton('Undo', `undo ${changeId}`)] : []),
        commandButton('History', `history ${plan.hostname}`),
      ]),
    ],
  };
};

const rowsAtMost = 10;

/** What the reader of a waiting plan may do with it. */
export type Decisions = { readonly releases: boolean; readonly rejects: boolean; readonly cancels: boolean };

/** One plan that waits, with the buttons that its reader may press. */
const waitingBlocks = (change: ChangeState, nowMs: number, may: Decisions): readonly KnownBlock[] => {
  const { plan, changeId, actor } = change;
  const isOver = nowMs > Date.parse(plan.expiresAt);
  const forWhom =
    plan.release.kind === 'approval'
      ? `a second person, asked in <#${escapeText(plan.release.channelId)}>`
      : 'the requester';
  const buttons = [
    ...(may.releases
      ? [
          releaseButton(
            change,
            plan.release.kind === 'approval' ? 'Approve' : applyLabel(plan),
            plan.digest.slice(0, digestLength),
            false,
          ),
        ]
      : []),
    ...(may.rejects ? [commandButton('Reject', `reject ${changeId}`)] : []),
    ...(may.cancels ? [commandButton('Cancel', `cancel ${changeId}`)] : []),
  ];
  return [
    section(`${mention(actor.userId)}: ${whatWith(change)}`),
    preformatted(recordLines(plan)),
    context(
      `waits for ${forWhom} · ${isOver ? 'expired' : 'expires'} ${dateText(plan.expiresAt)} · change ${code(shortChangeId(changeId))}`,
    ),
    ...(buttons.length === 0 ? [] : [actions(buttons)]),
  ];
};

/** Plans and bulks that wait, each with its buttons, as many as one message holds. */
export const pendingMessage = (
  waiting: readonly ChangeState[],
  nowMs: number,
  bulks: readonly BulkState[],
  mayDecide: (change: ChangeState) => Decisions,
): Message => {
  const names = [...bulks.map(({ title }) => oneLine(title)), ...waiting.map(({ plan }) => plan.hostname)];
  if (names.length === 0) return { text: 'No plan is waiting.', blocks: [section('No plan is waiting.')] };
  const each = [
    ...bulks.map((bulk) => waitingBulkBlocks(bulk, nowMs)),
    ...waiting.map((change) => waitingBlocks(change, nowMs, mayDecide(change))),
  ];
  const shown = firstThatFit(each.slice(0, rowsAtMost));
  const left = each.length - shown.length;
  const head = `${each.length} ${each.length === 1 ? 'plan waits' : 'plans wait'}`;
  return {
    text: `${head}: ${escapeText(names.slice(0, shown.length).join(', '))}`,
    blocks: [
      section(`*${head} for a decision*`),
      ...shown.flat(),
      ...(left === 0 ? [] : [context(`${left} more are not shown: decide on these first.`)]),
    ],
  };
};
