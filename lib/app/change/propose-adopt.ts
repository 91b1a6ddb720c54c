import { adoptable, adoptLine } from '../../core/dns/adoptable.ts';
import { makePlan } from '../../core/dns/plan.ts';
import { definitionFromRecords, readNameRecords } from '../../core/dns/registered.ts';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import { sameTargets, targetTexts } from '../../core/endpoint/targets.ts';
import type { CommandOf } from '../../core/grammar/command.ts';
import type { StreamState } from '../../core/ledger/fold.ts';
import { checkDefinition } from '../../core/validation/check-definition.ts';
import type { Ports } from '../ports/ports.ts';
import { type PlanFrame, type Proposal, readBefore, refusal } from './proposal.ts';

/** The standby of a record that was ours; where someone led the name there by hand, it is what the name was led away from. */
const standbyBeside = ({ targets, standby }: Definition, registered: Definition | undefined): Targets | undefined => {
  const known = standby ?? registered?.standby;
  return known !== undefined && sameTargets(known, targets) ? registered?.targets : known;
};

/** Takes over a record that someone else made: it stays as it is, and gets a marker beside it. */
export const proposeAdopt = async (
  ports: Ports,
  hostname: Hostname,
  changes: CommandOf<'adopt'>['changes'],
  stream: StreamState,
  frame: PlanFrame,
  signal: AbortSignal,
): Promise<Proposal> => {
  const read = await readBefore(ports, hostname, signal);
  if (!read.ok) return { kind: 'unreachable', why: read.failure.message };
  const { zoneId, standing } = read.value;
  const taken = readNameRecords(hostname, standing);
  if (stream.definition !== undefined && taken.markerSets.length > 0) {
    return refusal(`${hostname} is registered already.`, 'See it:', `/postal-endpoint show ${hostname}`);
  }
  const judged = adoptable(hostname, standing);
  if (judged.kind === 'no') return refusal(judged.wrong, judged.right);
  const found = definitionFromRecords(hostname, taken);
  if (judged.kind === 'nothing' || !found.ok) {
    return refusal(
      `${hostname} has no record of its own in Route 53, so there is nothing to adopt.`,
      'Register it:',
      `/postal-endpoint add ${hostname} …`,
    );
  }
  const { definition } = found;
  const standby = standbyBeside(definition, stream.definition);
  const input = {
    hostname,
    targets: targetTexts(definition.targets),
    port: String(definition.port),
    sslMode: definition.sslMode,
    ttl: String(definition.ttlSeconds),
    ...(standby === undefined ? {} : { standby: targetTexts(standby) }),
    ...changes,
  };
  const checked = checkDefinition(input, ports.policy, ports.profile);
  if (checked.definition === undefined) {
    // A TTL that policy does not allow is the record's own: nobody typed it, and it can be changed with the adoption.
    const ttl = Object.keys(changes).length === 0 ? checked.corrected?.ttl : undefined;
    const corrected = ttl === undefined ? {} : { corrected: `${adoptLine(hostname)} --ttl ${ttl}` };
    return { kind: 'refused', findings: checked.findings, ...corrected };
  }
  const plan = makePlan({
    ...frame,
    verb: 'adopt',
    hostname,
    zoneId,
    existing: standing,
    definitionAfter: checked.definition,
  });
  return { kind: 'plan', plan, findings: checked.findings };
};
