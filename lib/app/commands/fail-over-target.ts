import type { Deadline } from '../../core/base/deadline.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import type { LeftOut } from '../../core/ledger/bulk-entry.ts';
import type { Health } from '../../core/watch/health/health.ts';
import { failoverOutlook, standbyHealthOf } from '../../core/watch/health/standby.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { carryOnRecordedBulk, requestBulk } from '../bulk/request-bulk.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';
import { listHealths } from '../state/health-store.ts';

/** Why a name is not failed over with the others, though it leads to the address; undefined where it is. */
const leftOutFor = ({ standby }: Definition, health: Health | undefined, isForced: boolean): string | undefined => {
  if (standby === undefined) return 'It has no standby.';
  return isForced ? undefined : health?.state === 'up' ? 'It works. Add --force to fail it over anyway.' : undefined;
};

/** What watch knows of the standbys that the names would lead to: a plain sentence for those that would not help. */
const remarkOf = ({ hostname, ...definition }: Definition, health: Health | undefined): readonly string[] => {
  const seen = standbyHealthOf(definition, health);
  const outlook = failoverOutlook(health?.state ?? 'down', seen?.state);
  if (outlook === 'helps') return [];
  return [
    outlook === 'unknown'
      ? `${hostname}: it is not known whether its standby works.`
      : `${hostname}: its standby is ${seen?.state ?? 'not known'}, so failing over does not help.`,
  ];
};

/** Leads every name that leads to this address to its standby, in one bulk: those that fail, and with `--force` all that have a standby. */
export const failOverTarget = async (
  ports: Ports,
  request: Request<'failover'>,
  address: string,
  deadline: Deadline,
): Promise<Outcome> =>
  (await carryOnRecordedBulk(ports, request, deadline)) ??
  authorised(ports, request, undefined, deadline, async () => {
    const { signal } = deadline;
    const isForced = request.command.force === true;
    const [registered, healths, may] = await Promise.all([
      listRegistered(ports.state, signal),
      listHealths(ports.state, signal),
      permitted(ports, request, signal),
    ]);
    const there = registered
      .map(({ definition }) => definition)
      .filter(
        ({ hostname, targets }) => targets.kind === 'addresses' && targets.addresses.includes(address) && may(hostname),
      );
    if (there.length === 0) {
      const lines = [`No registered name that you may fail over leads to ${address}.`, 'Nothing was changed.'];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    const judged = there.map((definition) => {
      const health = healths.get(definition.hostname);
      return { definition, health, reason: leftOutFor(definition, health, isForced) };
    });
    const chosen = judged.filter(({ reason }) => reason === undefined);
    const leftOut = judged.flatMap(({ definition, reason }): LeftOut[] =>
      reason === undefined ? [] : [{ what: definition.hostname, reason }],
    );
    return requestBulk(
      ports,
      request,
      {
        source: 'failover',
        title: `Fail over ${address}`,
        changes: chosen.map(({ definition: { hostname } }) => ({ verb: 'failover', hostname })),
        leftOut,
        remarks: chosen.flatMap(({ definition, health }) => remarkOf(definition, health)),
      },
      deadline,
    );
  });
