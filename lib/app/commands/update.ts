import type { Deadline } from '../../core/base/deadline.ts';
import { definitionDigest } from '../../core/dns/marker.ts';
import { makePlan } from '../../core/dns/plan.ts';
import { driftOf } from '../../core/dns/registered.ts';
import type { Definition, DefinitionInput } from '../../core/endpoint/definition.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import { targetTexts } from '../../core/endpoint/targets.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import type { StreamState } from '../../core/ledger/fold.ts';
import { checkDefinition } from '../../core/validation/check-definition.ts';
import { checkSurroundings } from '../../core/validation/surroundings.ts';
import { alreadyMessage } from '../../messages/change/plan-message.ts';
import { type Proposal, refusal } from '../change/proposal.ts';
import { readSurroundings } from '../change/read-surroundings.ts';
import { ofHostname, type PlanFrame, requestChange } from '../change/request-change.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** A definition as one would type it. */
const inputOf = ({
  hostname,
  targets,
  standby,
  port,
  sslMode,
  ttlSeconds,
  name,
  owner,
  note,
}: Definition): DefinitionInput => ({
  hostname,
  targets: targetTexts(targets),
  ...(standby === undefined ? {} : { standby: targetTexts(standby) }),
  port: String(port),
  sslMode,
  ttl: String(ttlSeconds),
  ...(name === undefined ? {} : { name }),
  ...(owner === undefined ? {} : { owner }),
  ...(note === undefined ? {} : { note }),
});

const propose = async (
  ports: Ports,
  { command: { changes } }: Request<'update'>,
  hostname: Hostname,
  stream: StreamState,
  frame: PlanFrame,
  signal: AbortSignal,
): Promise<Proposal> => {
  const { definition: before, registeredBy } = stream;
  const policyZone = zoneOf(hostname, ports.policy.zones);
  if (before === undefined || registeredBy === undefined || policyZone === undefined) {
    return refusal(
      `${hostname} is not registered, so there is nothing to update.`,
      'Register it:',
      `/postal-endpoint add ${hostname} …`,
    );
  }
  const { targets, ...rest } = changes;
  const checked = checkDefinition(
    { ...inputOf(before), ...rest, ...(targets === undefined ? {} : { targets }), hostname },
    ports.policy,
    ports.profile,
  );
  if (checked.definition === undefined) return { kind: 'refused', findings: checked.findings };
  const after = checked.definition;
  const surroundings = await readSurroundings(ports, after, policyZone, signal);
  if (!surroundings.ok) return { kind: 'unreachable', why: surroundings.failure.message };
  const { existing } = surroundings.value;
  const drift = driftOf(hostname, registeredBy.plan.after, existing);
  if (drift.kind === 'foreign' || drift.kind === 'record-only') {
    return refusal(
      `What stands at ${hostname} in Route 53 is not this bot's any more, so it is not touched.`,
      'See what it is:',
      `/postal-endpoint drift ${hostname}`,
    );
  }
  if (drift.kind === 'in-sync' && definitionDigest(before) === definitionDigest(after))
    return { kind: 'nothing', message: alreadyMessage(registeredBy, true) };
  // What stands there is known to be ours: only the zone and where names lead are left to judge.
  const found = checkSurroundings(after, { ...surroundings.value, existing: [] });
  if (found.some(({ severity }) => severity === 'block'))
    return { kind: 'refused', findings: [...checked.findings, ...found] };
  const plan = makePlan({
    ...frame,
    verb: 'update',
    hostname,
    zoneId: policyZone.id,
    existing,
    definitionBefore: before,
    definitionAfter: after,
  });
  return { kind: 'plan', plan, warnings: [...checked.findings, ...found] };
};

/** Changes what is registered for a hostname; without anything to change it puts right what has drifted. */
export const update = (ports: Ports, request: Request<'update'>, deadline: Deadline): Promise<Outcome> =>
  ofHostname(ports, request, request.command.hostname, deadline, (hostname) =>
    requestChange(
      ports,
      request,
      hostname,
      [],
      (stream, frame) => propose(ports, request, hostname, stream, frame, deadline.signal),
      deadline,
    ),
  );
