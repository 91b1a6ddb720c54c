import { asSentence } from '../../core/base/as-sentence.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { amendedPlan, type ChangeVerb, type Plan } from '../../core/dns/plan.ts';
import type { Finding } from '../../core/endpoint/finding.ts';
import { type Hostname, parseHostname } from '../../core/endpoint/hostname.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { changeIdOf } from '../../core/ledger/change-id.ts';
import { type ChangeState, fold, isPending, type StreamState } from '../../core/ledger/fold.ts';
import { pointerFindings } from '../../core/validation/pointer-rules.ts';
import { suggestHostname } from '../../core/validation/suggest-hostname.ts';
import { infinitive, pastTense } from '../../messages/change/change-words.ts';
import { wouldBreakMessage } from '../../messages/change/failover-message.ts';
import { planMessage } from '../../messages/change/plan-message.ts';
import { definitionText } from '../../messages/change/record-lines.ts';
import type { Message } from '../../messages/message.ts';
import { plainRefusal, refusedMessage, warningSentences } from '../../messages/refused-message.ts';
import { releaseForFresh } from '../authorise/authorise-with-groups.ts';
import { authorised } from '../authorise/authorised.ts';
import { appendAfter } from '../ledger/append.ts';
import { type Pointers, readPointers, registeredPointers } from '../look-up/read-pointers.ts';
import { askForRelease } from '../notify/ask-for-release.ts';
import { answer, refuse } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { resumeOf } from '../queue/resume-message.ts';
import { queueOnce } from '../state/queue-once.ts';
import { applyChange } from './apply-change.ts';
import { carryOn } from './carry-on.ts';
import { judgePlan } from './judge-plan.ts';
import type { PlanFrame, Proposal } from './proposal.ts';
import { timeEffect } from './time-effect.ts';

type ChangeRequest = Request<ChangeVerb>;

/** What the ledger keeps of findings that refuse. */
export const reasonsOf = (findings: readonly Finding[]): string[] =>
  findings
    .filter(({ severity }) => severity === 'block')
    .map(({ id, argument, wrong }) => `${id} (${argument}): ${wrong}`);

/** Another change of the name is under way: whose it is, since when, and what it does. */
const underWay = ({ actor, requestedAt, plan, verb }: ChangeState): Finding => ({
  id: 'conflicting-record',
  severity: 'block',
  argument: 'hostname',
  wrong: `${plan.hostname} is being ${pastTense[verb]} by @${actor.userName}, ${requestedAt.slice(0, 16).replace('T', ' ')} UTC${
    plan.definitionAfter === undefined ? '' : `: ${definitionText(plan.definitionAfter)}`
  }.`,
  right: 'Nothing was overwritten. See it, and ask again when that change is finished:',
});

/** Loaded with the first change that comes to a plan: a cold start waits for no audit. */
const remarksOfPostal = async (ports: Ports, plan: Plan, signal: AbortSignal): Promise<readonly string[]> =>
  (await import('../postal/postal-remarks.ts')).postalRemarks(ports, plan, signal);

/**
 * What was recorded for this very request goes to its end whatever rules and policy have become since: the zone may hold it already. Undefined where
 * nothing was.
 */
const carryOnIn = async (
  ports: Ports,
  request: ChangeRequest,
  hostname: string,
  stream: StreamState,
  deadline: Deadline,
): Promise<Outcome | undefined> => {
  const known = stream.byRequestId.get(request.requestId);
  if (known === undefined) return undefined;
  if ('refused' in known) {
    const reasons = known.refused.body.kind === 'refused' ? known.refused.body.reasons : [];
    return answer(ports, request, plainRefusal(['This was refused. Nothing was changed.', ...reasons]), deadline);
  }
  const change = stream.changes.get(known.changeId);
  if (change !== undefined && isPending(change)) return askForRelease(ports, request, change, deadline);
  return carryOn(ports, { hostname, changeId: known.changeId, answering: request }, request.deliveries, deadline);
};

/** The same, of the ledger as it is now. */
export const carryOnRecorded = async (
  ports: Ports,
  request: ChangeRequest,
  hostname: string,
  deadline: Deadline,
): Promise<Outcome | undefined> =>
  carryOnIn(ports, request, hostname, fold(await ports.ledger.read(hostname, deadline.signal)), deadline);

const minuteMs = 60_000;

const ageText = ({ listedAt, unlisted }: Pointers, nowMs: number): string =>
  [
    ...(listedAt === undefined
      ? []
      : [` Known from a listing ${Math.max(0, Math.round((nowMs - listedAt) / minuteMs))} min old.`]),
    ...(unlisted.length === 0 ? [] : [` Not every record of ${unlisted.join(', ')} is known.`]),
  ].join('');

const findingsOfPointers = (plan: Plan, led: Pointers, nowMs: number): readonly Finding[] =>
  pointerFindings(plan, led.pointers, ageText(led, nowMs));

/**
 * The way of every change: what was recorded is carried on; else a proposal is made, shown for --dry-run, recorded, and applied at once or put before
 * whoever has to release it. Every refusal is recorded.
 */
export const requestChange = async (
  ports: Ports,
  request: ChangeRequest,
  hostname: Hostname,
  propose: (stream: StreamState, frame: PlanFrame) => Promise<Proposal>,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  const { command, requestId, actor, text } = request;
  const dryRun = command.dryRun;
  const refused = (reasons: readonly string[], message: Message): Promise<Outcome> =>
    dryRun ? answer(ports, request, message, deadline) : refuse(ports, request, hostname, reasons, message, deadline);
  const refusedFor = (findings: readonly Finding[], corrected?: string): Promise<Outcome> =>
    refused(reasonsOf(findings), refusedMessage(infinitive[command.verb], findings, corrected));
  const isMoving = command.verb !== 'add' && command.verb !== 'adopt';
  const listing = command.verb === 'remove' ? 'fresh' : 'last';
  const led = isMoving ? await readPointers(ports, hostname, listing, signal) : undefined;
  const released = await releaseForFresh(
    ports.policy,
    {
      verb: command.verb,
      hostname,
      actor,
      pointers: registeredPointers(led),
      ...(command.breakGlass === undefined ? {} : { breakGlassReason: command.breakGlass }),
    },
    ports.userGroups,
    signal,
  );
  if (released.kind === 'refused')
    return refused(
      [`${released.reason}: ${released.message}`],
      plainRefusal([released.message, 'Nothing was changed.']),
    );

  let lookedForLate = false;
  for (;;) {
    const entries = await ports.ledger.read(hostname, signal);
    const stream = fold(entries);
    // Recorded meanwhile, below or by another delivery of the same request: from there on the ledger decides, not what this worker remembers of it.
    const recorded = await carryOnIn(ports, request, hostname, stream, deadline);
    if (recorded !== undefined) return recorded;
    if (stream.active !== undefined) {
      // Changes of a name run one after the other, so an unfinished one has lost its message.
      await queueOnce(ports, resumeOf(stream.active), signal);
      return refusedFor([underWay(stream.active)], `/postal-endpoint show ${hostname}`);
    }
    // A batch given up as failed, or as a conflict, may have landed: then that change comes first.
    const open = [...stream.changes.values()].find(({ mayLandLate }) => mayLandLate === true);
    if (open !== undefined && !lookedForLate) {
      lookedForLate = true;
      const late = await applyChange(ports, hostname, open.changeId, request.deliveries, deadline);
      if (late.kind === 'finished') {
        await queueOnce(ports, { kind: 'resume', hostname, changeId: open.changeId }, signal);
        continue;
      }
    }
    const changeId = changeIdOf(request.receivedAt, requestId);
    const frame: PlanFrame = {
      changeId,
      generation: stream.generation + 1,
      release: released,
      policyVersion: ports.policy.version,
      planMinutes: ports.policy.planMinutes,
      now: ports.clock.now(),
    };
    const proposal = await propose(stream, frame);
    switch (proposal.kind) {
      case 'refused':
        return refusedFor(proposal.findings, proposal.corrected);
      case 'unreachable': {
        const lines = [
          `Nothing was changed: Route 53 could not be read. ${asSentence(proposal.why)}`,
          'Try again in a minute.',
        ];
        return refused([`could-not-check: ${proposal.why}`], plainRefusal(lines));
      }
      case 'nothing':
        return answer(ports, request, proposal.message, deadline);
      case 'plan': {
        const judged = await judgePlan(ports, proposal.plan, signal);
        const timed = await timeEffect(ports, proposal.plan, signal);
        const aboutPointers = led === undefined ? [] : findingsOfPointers(timed, led, ports.clock.now());
        const findings = [...proposal.findings, ...judged.findings, ...aboutPointers];
        const blocking = findings.filter(({ severity }) => severity === 'block');
        if (blocking.length > 0) {
          const isTaken = blocking.every(({ id }) => id === 'conflicting-record');
          return refusedFor(findings, isTaken ? proposal.instead : undefined);
        }
        const beside = await proposal.look?.();
        const inPostal = await remarksOfPostal(ports, proposal.plan, signal);
        // Whoever changes where other names lead says so knowingly.
        const isAsked = aboutPointers.length > 0 && timed.release.kind === 'at-once';
        const breaks = beside?.breaksDelivery === true;
        const plan = amendedPlan(timed, {
          ...(isAsked ? { release: { kind: 'confirmation' } } : {}),
          ...(breaks ? { breaksDelivery: true } : {}),
        });
        const isForced = 'force' in command && command.force === true;
        if (breaks && plan.release.kind === 'break-glass' && !isForced && !dryRun)
          return refused([`would break delivery: ${(beside?.remarks ?? []).join(' ')}`], wouldBreakMessage(text));
        const warnings = [...warningSentences(findings), ...inPostal, ...(beside?.remarks ?? [])];
        if (dryRun) return answer(ports, request, planMessage(plan, warnings, text, beside?.blocks), deadline);
        const body = {
          kind: 'requested',
          changeId,
          requestId,
          verb: command.verb,
          actor,
          text,
          plan,
          warnings,
        } as const;
        // Not where the stream has grown since it was read: what was decided may no longer hold.
        await appendAfter(ports, hostname, entries.at(-1), body, signal);
      }
    }
  }
};

/** The same, of the hostname that the command gives. */
export const requestNamedChange = async (
  ports: Ports,
  request: Request<'adopt' | 'failover' | 'remove' | 'update'>,
  propose: (hostname: Hostname, stream: StreamState, frame: PlanFrame) => Promise<Proposal>,
  deadline: Deadline,
): Promise<Outcome> => {
  const { verb, hostname: text } = request.command;
  const parsed = parseHostname(text);
  if (!('hostname' in parsed)) {
    const suggestion = suggestHostname(text, ports.policy);
    return answer(
      ports,
      request,
      refusedMessage(infinitive[verb], parsed.findings, suggestion && `/postal-endpoint ${verb} ${suggestion}`),
      deadline,
    );
  }
  const { hostname } = parsed;
  if (zoneOf(hostname, ports.policy.zones) === undefined) {
    const lines = [
      `${hostname} is not in any of the zones ${ports.policy.zones.map(({ name }) => name).join(', ')}. Nothing was changed.`,
    ];
    return answer(ports, request, plainRefusal(lines), deadline);
  }
  return (
    (await carryOnRecorded(ports, request, hostname, deadline)) ??
    authorised(ports, request, hostname, deadline, () =>
      requestChange(ports, request, hostname, (...found) => propose(hostname, ...found), deadline),
    )
  );
};
