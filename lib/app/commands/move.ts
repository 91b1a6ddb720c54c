import { concurrently } from '../../core/base/concurrently.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { type MovedAddress, movedAddress, type UsedPort } from '../../core/bulk/moved-address.ts';
import { dnsValue } from '../../core/dns/record-set.ts';
import { normaliseName } from '../../core/endpoint/hostname.ts';
import { readTarget } from '../../core/endpoint/target-text.ts';
import { matchesHostname, patternMistake } from '../../core/policy/hostname-pattern.ts';
import { breaksDelivery, type MoveView, moveRemarks, type ProbedPort } from '../../messages/bulk/move-remarks.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { carryOnRecordedBulk, requestBulk } from '../bulk/request-bulk.ts';
import { readUnregistered } from '../look-up/read-unregistered.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { probeEndpoint } from '../probe/probe-endpoint.ts';
import { listRegistered } from '../state/directory.ts';

/** A dead server takes 10 s to be recognised; all of them together may take so long. */
const longestProbingMs = 25_000;
/** A prober has at most two sessions at a target. */
const probesAtOnce = 2;
const portsProbed = 12;

const mistakeOf = (argument: 'from' | 'to', text: string): string | undefined => {
  const read = readTarget(text);
  if (read.kind === 'address') return undefined;
  return read.kind === 'invalid'
    ? `${argument}: ${read.wrong} ${read.right}`
    : `${argument}: ${read.name} is a name. Only an address can be moved; give one such as 10.0.4.12.`;
};

/** What is wrong with the command line, a sentence or two each. */
const mistakesIn = ({ from, to, only }: Request<'move'>['command']): readonly string[] => {
  const pattern = only === undefined ? undefined : patternMistake(normaliseName(only));
  const mistakes = [
    mistakeOf('from', from),
    mistakeOf('to', to),
    pattern === undefined ? undefined : `only: ${pattern}. Write a pattern such as *.mail.corp.internal.`,
  ].filter((mistake) => mistake !== undefined);
  return mistakes.length === 0 && dnsValue('A', from) === dnsValue('A', to)
    ? ['to: it is the same address as from. Give the new one.']
    : mistakes;
};

/** Probes the new address as if the names led there, each port and mode in use once. */
const probePorts = async (
  ports: Ports,
  requestId: string,
  to: string,
  used: readonly UsedPort[],
  deadline: Deadline,
): Promise<readonly ProbedPort[]> => {
  const soon = { ...deadline, atMs: Math.min(deadline.atMs, ports.clock.now() + longestProbingMs) };
  const recordTypes = [to.includes(':') ? 'AAAA' : 'A'] as const;
  const probed = new Map<UsedPort, ProbedPort>();
  await concurrently(used, probesAtOnce, async (each) => {
    const { hostname, port, sslMode } = each;
    const endpoint = { requestId, hostname, port, sslMode, recordTypes, targets: [to] };
    probed.set(each, { ...each, result: await probeEndpoint(ports, endpoint, soon) });
  });
  return used.flatMap((each) => probed.get(each) ?? []);
};

const lookAround = async (
  ports: Ports,
  request: Request<'move'>,
  { usedPorts, rememberedSeconds }: MovedAddress,
  from: string,
  to: string,
  deadline: Deadline,
): Promise<MoveView> => {
  const [probed, unregistered] = await Promise.all([
    probePorts(ports, request.requestId, to, usedPorts.slice(0, portsProbed), deadline),
    readUnregistered(ports, deadline.signal),
  ]);
  const has = unregistered.names.filter(({ records }) =>
    records.some(({ type, values }) => values.some((value) => dnsValue(type, value) === from)),
  );
  return {
    from,
    to,
    probed,
    notProbed: Math.max(0, usedPorts.length - portsProbed),
    rememberedSeconds,
    unregistered: unregistered.unread.length > 0 ? undefined : has.length,
    profile: ports.profile,
    nowMs: ports.clock.now(),
  };
};

/** Replaces an address wherever it is registered, as target or standby, in one bulk; the new one is probed first. */
export const move = async (ports: Ports, request: Request<'move'>, deadline: Deadline): Promise<Outcome> =>
  (await carryOnRecordedBulk(ports, request, deadline)) ??
  authorised(ports, request, undefined, deadline, async () => {
    const { command } = request;
    const mistakes = mistakesIn(command);
    if (mistakes.length > 0)
      return answer(ports, request, plainRefusal([...mistakes, 'Nothing was changed.']), deadline);
    const [from, to] = [dnsValue('A', command.from), dnsValue('A', command.to)];
    const only = command.only === undefined ? undefined : normaliseName(command.only);
    const [registered, may, mayList] = await Promise.all([
      listRegistered(ports.state, deadline.signal),
      permitted(ports, request, deadline.signal),
      permitted(ports, request, deadline.signal, 'list'),
    ]);
    const definitions = registered
      .map(({ definition }) => definition)
      .filter(({ hostname }) => only === undefined || matchesHostname(only, hostname));
    const mine = definitions.filter(({ hostname }) => may(hostname));
    const others = definitions.filter(({ hostname }) => !may(hostname));
    const moved = movedAddress(mine, from, to);
    const denied = movedAddress(others, from, to).names;
    if (moved.names.length === 0) {
      const lines = [
        denied.length === 0
          ? `No registered name${only === undefined ? '' : ` that fits ${only}`} has the address ${from}, as target or as standby.`
          : `${denied.length} registered ${denied.length === 1 ? 'name has' : 'names have'} the address ${from}, but you may not move ${denied.length === 1 ? 'it' : 'them'}.`,
        'Nothing was changed.',
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    const view = await lookAround(ports, request, moved, from, to, deadline);
    return requestBulk(
      ports,
      request,
      {
        source: 'move',
        title: `Move ${from} to ${to}`,
        changes: moved.names.map(({ hostname, ...changes }) => ({ verb: 'update', hostname, changes })),
        leftOut: denied.map(({ hostname }) => ({
          // Who may not see a name does not learn of it.
          what: mayList(hostname) ? hostname : 'a name that you may not see',
          reason: 'You may not move it.',
        })),
        remarks: moveRemarks(view),
        ...(breaksDelivery(view) ? { breaksDelivery: true } : {}),
      },
      deadline,
    );
  });
