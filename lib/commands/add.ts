import type { Deadline } from '../deadline.ts';
import { definitionDigest } from '../dns/marker.ts';
import { makeAddPlan, type Plan } from '../dns/plan.ts';
import { sameRecordSets } from '../dns/record-set.ts';
import { checkDefinition } from '../endpoint/check-definition.ts';
import type { Definition } from '../endpoint/definition.ts';
import type { Finding } from '../endpoint/finding.ts';
import { parseHostname } from '../endpoint/hostname.ts';
import { checkSurroundings } from '../endpoint/surroundings.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import { changeIdOf } from '../ledger/change-id.ts';
import type { Entry } from '../ledger/entry.ts';
import { type ChangeState, fold } from '../ledger/fold.ts';
import { authorise } from '../policy/authorise.ts';
import { alreadyMessage, planMessage } from '../slack/messages/plan-message.ts';
import { definitionText } from '../slack/messages/record-lines.ts';
import { plainRefusal, refusedMessage, warningSentences } from '../slack/messages/refused-message.ts';
import { addCommandLine } from './add-command-line.ts';
import { appendAfter } from './append.ts';
import { carryOn } from './carry-on.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer, refuse, streamOf } from './refuse.ts';
import { readSurroundings } from './surroundings.ts';

type Decision =
  | { readonly kind: 'refused'; readonly findings: readonly Finding[]; readonly corrected?: string }
  | { readonly kind: 'unreachable'; readonly why: string }
  | { readonly kind: 'already'; readonly change: ChangeState; readonly standsSo: boolean }
  | { readonly kind: 'plan'; readonly plan: Plan; readonly warnings: readonly Finding[] };

const reasonsOf = (findings: readonly Finding[]): string[] =>
  findings.filter(({ severity }) => severity === 'block').map(({ id, argument, wrong }) => `${id} (${argument}): ${wrong}`);

/** Someone was first: who, when, and with what. */
const takenBy = ({ actor, requestedAt, plan }: ChangeState, isRegistered: boolean): Finding => ({
  id: 'conflicting-record',
  severity: 'block',
  argument: 'hostname',
  wrong: `${plan.hostname} ${isRegistered ? 'is registered already, by' : 'is just being added by'} @${actor.userName}, ${requestedAt.slice(0, 16).replace('T', ' ')} UTC${
    plan.definitionAfter === undefined ? '' : `: ${definitionText(plan.definitionAfter)}`
  }.`,
  right: 'Nothing was overwritten. Choose another name, or look at that one:',
});

/** What to do with a valid definition, held against the ledger and against Route 53. Reads, and changes nothing. */
const decide = async (
  ports: Ports,
  request: Request<'add'>,
  definition: Definition,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<Decision> => {
  const { hostname } = definition;
  const stream = fold(entries);
  const show = `/postal-endpoint show ${hostname}`;
  if (stream.active !== undefined) return { kind: 'refused', findings: [takenBy(stream.active, false)], corrected: show };
  const policyZone = zoneOf(hostname, ports.policy.zones);
  if (policyZone === undefined) throw new RangeError(`${hostname} passed the rules but lies in no zone`);
  const surroundings = await readSurroundings(ports, definition, policyZone, signal);
  if (!surroundings.ok) return { kind: 'unreachable', why: surroundings.failure.message };
  const { existing } = surroundings.value;
  if (stream.definition !== undefined && stream.registeredBy !== undefined) {
    if (definitionDigest(stream.definition) !== definitionDigest(definition)) {
      return { kind: 'refused', findings: [takenBy(stream.registeredBy, true)], corrected: show };
    }
    return { kind: 'already', change: stream.registeredBy, standsSo: sameRecordSets(existing, stream.registeredBy.plan.after) };
  }
  const findings = checkSurroundings(definition, surroundings.value);
  if (findings.some(({ severity }) => severity === 'block')) return { kind: 'refused', findings };
  const plan = makeAddPlan({
    definition,
    zoneId: policyZone.id,
    existing,
    changeId: changeIdOf(request.receivedAt, request.requestId),
    generation: Math.max(0, ...[...stream.changes.values()].map(({ plan: { generation } }) => generation)) + 1,
    policyVersion: ports.policy.version,
    now: ports.clock.now(),
  });
  return { kind: 'plan', plan, warnings: findings };
};

/** Registers a hostname: authorise → rules → surroundings → plan → ledger → Route 53 → probe → answer → announce. */
export const add = async (ports: Ports, request: Request<'add'>, deadline: Deadline): Promise<Outcome> => {
  const { definition: input, dryRun } = request.command;
  const { signal } = deadline;
  const parsed = parseHostname(input.hostname);
  const name = 'hostname' in parsed && zoneOf(parsed.hostname, ports.policy.zones) !== undefined ? parsed.hostname : undefined;
  const refused = (reasons: readonly string[], message: Parameters<typeof answer>[2]): Promise<Outcome> =>
    dryRun ? answer(ports, request, message, deadline) : refuse(ports, request, streamOf(name), reasons, message, deadline);

  const may = authorise(ports.policy, request.actor, 'add', name);
  if (!may.allowed)
    return refuse(
      ports,
      request,
      streamOf(undefined),
      [`${may.reason}: ${may.message}`],
      plainRefusal([`${may.message} Nothing was changed.`]),
      deadline,
    );
  const checked = checkDefinition(input, ports.policy, ports.profile);
  if (checked.definition === undefined) {
    const corrected = checked.corrected === undefined ? undefined : addCommandLine(checked.corrected);
    return refused(reasonsOf(checked.findings), refusedMessage('add', checked.findings, corrected));
  }
  const { definition } = checked;
  for (;;) {
    const entries = await ports.ledger.read(definition.hostname, signal);
    const known = fold(entries).byRequestId.get(request.requestId);
    if (known !== undefined) {
      if ('changeId' in known) {
        return carryOn(ports, { hostname: definition.hostname, changeId: known.changeId, answering: request }, request.deliveries, deadline);
      }
      const reasons = known.refused.body.kind === 'refused' ? known.refused.body.reasons : [];
      return answer(ports, request, plainRefusal(['This was refused. Nothing was changed.', ...reasons]), deadline);
    }
    const decision = await decide(ports, request, definition, entries, signal);
    switch (decision.kind) {
      case 'refused': {
        const findings = [...decision.findings, ...checked.findings];
        return refused(reasonsOf(findings), refusedMessage('add', findings, decision.corrected));
      }
      case 'unreachable': {
        const lines = [`Route 53 could not be read, so nothing was decided and nothing was changed. ${decision.why}`, 'Try again in a minute.'];
        return refused([`could-not-check: ${decision.why}`], plainRefusal(lines));
      }
      case 'already':
        return answer(ports, request, alreadyMessage(decision.change, decision.standsSo), deadline);
      case 'plan': {
        const warnings = warningSentences([...checked.findings, ...decision.warnings]);
        if (dryRun) return answer(ports, request, planMessage(decision.plan, warnings, request.text), deadline);
        const changeId = changeIdOf(request.receivedAt, request.requestId);
        const { requestId, actor, text } = request;
        const body = { kind: 'requested', changeId, requestId, verb: 'add', actor, text, plan: decision.plan, warnings } as const;
        // Taken: the stream has grown since it was read, so that what was decided may no longer hold.
        if ((await appendAfter(ports, definition.hostname, entries.at(-1), body, signal)) === 'taken') continue;
        return carryOn(ports, { hostname: definition.hostname, changeId, answering: request }, request.deliveries, deadline);
      }
    }
  }
};
