import type { Deadline } from '../../core/base/deadline.ts';
import { adoptable } from '../../core/dns/adoptable.ts';
import { answeredTypes, setsFor, wildcardFor } from '../../core/dns/name-answer.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { wildcardText } from '../../core/dns/zone-answer.ts';
import type { Definition, SslMode } from '../../core/endpoint/definition.ts';
import type { Finding } from '../../core/endpoint/finding.ts';
import { type Hostname, parseHostname } from '../../core/endpoint/hostname.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { givenFilters } from '../../core/grammar/filter-parts.ts';
import { fold } from '../../core/ledger/fold.ts';
import type { ProbeRequest, ProbeResult } from '../../core/probe-report/report.ts';
import { isOfMany } from '../../core/shares/fair-shares.ts';
import { brokenLink } from '../../core/validation/cname-rules.ts';

import { checkPort } from '../../core/validation/port-rules.ts';
import { checkSslMode } from '../../core/validation/ssl-mode-rules.ts';
import { suggestHostname } from '../../core/validation/suggest-hostname.ts';
import { checkingMessage, checkMessage, noRecordMessage } from '../../messages/check/check-message.ts';
import { plainRefusal, refusedMessage } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { readName } from '../change/proposal.ts';
import { checkMany } from '../check/check-many.ts';
import { askedToWait, decideRecipientCheck, type RecipientCheck, recordBusyServer } from '../check/recipient-check.ts';
import { lookUpName } from '../look-up/look-up-name.ts';
import { answer, refuse, streamOf } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { probeEndpoint } from '../probe/probe-endpoint.ts';
import { keep, keepProbe } from '../state/keep-probe.ts';

type Endpoint = { readonly hostname: Hostname; readonly port: number; readonly sslMode: SslMode };
type Wanted =
  | {
      readonly ok: true;
      readonly endpoint: Endpoint;
      readonly registered: Definition | undefined;
      readonly asRegistered: boolean;
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** From then on, the answer says why it takes so long. */
const slowAfterMs = 5_000;

/** Port and mode as given, else as registered, else Postal's defaults. */
const wanted = async (
  ports: Ports,
  request: Request<'check'>,
  hostname: Hostname,
  signal: AbortSignal,
): Promise<Wanted> => {
  const { port: portText, sslMode: modeText } = request.command;
  const { definition } = fold(await ports.ledger.read(hostname, signal));
  const port = checkPort(portText ?? definition?.port.toString(), ports.policy);
  const mode = checkSslMode(modeText ?? definition?.sslMode);
  if (port.port === undefined || mode.sslMode === undefined)
    return { ok: false, findings: [...port.findings, ...mode.findings] };
  const asRegistered = definition !== undefined && port.port === definition.port && mode.sslMode === definition.sslMode;
  return {
    ok: true,
    endpoint: { hostname, port: port.port, sslMode: mode.sslMode },
    registered: definition,
    asRegistered,
  };
};

type InZones = {
  readonly recordTypes: ProbeRequest['recordTypes'];
  /** What answers for the hostname itself; absent outside our zones. */
  readonly inRoute53: readonly RecordSet[] | undefined;
  readonly wildcard?: string | undefined;
  /** The name that is missing where no address can be found. */
  readonly missing?: string | undefined;
};

/** What the zones answer for a name of ours, and so what is worth asking for; outside them the resolver is asked for both types. */
const readZones = async (
  ports: Ports,
  hostname: Hostname,
  signal: AbortSignal,
): Promise<InZones | { readonly unreadable: string }> => {
  const zone = zoneOf(hostname, ports.policy.zones);
  if (zone === undefined) return { recordTypes: ['AAAA', 'A'], inRoute53: undefined };
  const answer = await lookUpName(ports, hostname, signal);
  const failure = answer.failures.get(zone.name);
  if (failure !== undefined) return { unreadable: failure.message };
  return {
    recordTypes: answeredTypes(answer),
    inRoute53: setsFor(answer),
    wildcard: wildcardFor(answer),
    missing: brokenLink(answer),
  };
};

const recordsText = ({ inRoute53, wildcard }: InZones): string => {
  if (inRoute53 === undefined) return 'outside our zones: Route 53 was not asked';
  const records = inRoute53.map(({ type, values }) => `${type} ${values.join(' ')}`).join(', ');
  return `Route 53 has ${records}${wildcard === undefined ? '' : `, by the wildcard ${wildcardText(wildcard)}`}`;
};

/**
 * Probes, and says so where a person waits: a button's message gives way to it at once and again when it takes long; a slash command's answers
 * cannot replace each other, so that it has one word, and that only when it takes long.
 */
const probing = async (
  ports: Ports,
  request: Request<'check'>,
  endpoint: Endpoint,
  inZones: InZones,
  trial: RecipientCheck,
  deadline: Deadline,
): Promise<ProbeResult> => {
  const { replyTo, replaceOriginal } = request;
  const { hostname, port, sslMode } = endpoint;
  const tell = async (now: string): Promise<void> => {
    const message = checkingMessage(hostname, [recordsText(inZones)], now);
    const told = await ports.messenger.reply(replyTo, message, { replaceOriginal, inChannel: false }, deadline.signal);
    if (!told.ok)
      ports.log.warn('the requester could not be notified of the delay', {
        requestId: request.requestId,
        failure: told.failure,
      });
  };
  if (replaceOriginal)
    await tell(`resolving the name as Postal does, then connecting to every address on port ${port}, ${sslMode}`);
  const over = new AbortController();
  const probe = probeEndpoint(
    ports,
    { requestId: request.requestId, ...endpoint, recordTypes: inZones.recordTypes, ...trial },
    deadline,
  );
  const isSlow = await Promise.race([
    probe.then(() => false),
    ports.clock.sleep(slowAfterMs, AbortSignal.any([over.signal, deadline.signal])).then(
      () => true,
      () => false,
    ),
  ]);
  over.abort();
  if (isSlow) await tell('a server is slow to answer; waiting up to 40 s');
  return probe;
};

/** Probes one hostname, registered or not, from Postal's network; or many registered ones. */
export const check = async (ports: Ports, request: Request<'check'>, deadline: Deadline): Promise<Outcome> => {
  const { signal } = deadline;
  if (isOfMany(request.command.hostname)) return checkMany(ports, request, deadline);
  const parsed = parseHostname(request.command.hostname);
  if (!('hostname' in parsed)) {
    const suggestion = suggestHostname(request.command.hostname, ports.policy);
    return answer(
      ports,
      request,
      refusedMessage('check', parsed.findings, suggestion && `/postal-endpoint check ${suggestion}`),
      deadline,
    );
  }
  if (request.command.result !== undefined || request.command.page !== undefined) {
    const lines = ['page, result: these work only for a check of all, or of a pattern. Nothing was probed.'];
    return answer(ports, request, plainRefusal(lines), deadline);
  }
  const [narrowing] = givenFilters(request.command).map(([name]) => name);
  if (narrowing !== undefined) {
    const lines = [
      `${narrowing}: it chooses among many endpoints, and ${parsed.hostname} is one. Leave --${narrowing} out, or write check all --${narrowing} … Nothing was probed.`,
    ];
    return answer(ports, request, plainRefusal(lines), deadline);
  }
  const { hostname } = parsed;
  return authorised(ports, request, hostname, deadline, async () => {
    const asked = await wanted(ports, request, hostname, signal);
    if (!asked.ok) return answer(ports, request, refusedMessage('check', asked.findings, undefined), deadline);
    const inZones = await readZones(ports, hostname, signal);
    if ('unreadable' in inZones) {
      const lines = [
        `Route 53 could not be read, so ${hostname} was not probed. ${inZones.unreadable}`,
        'Try again in a minute.',
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    if (inZones.recordTypes.length === 0) {
      const read = await readName(ports, hostname, signal);
      const judged = adoptable(hostname, read.ok ? read.value.standing : []);
      const inTheWay = judged.kind === 'no' ? `${judged.wrong} ${judged.right}` : undefined;
      const message = noRecordMessage(hostname, inZones.missing, asked.registered !== undefined, inTheWay);
      return answer(ports, request, message, deadline);
    }
    const wait = await askedToWait(ports, hostname, signal);
    if (wait !== undefined) {
      const seconds = Math.max(1, wait - Math.floor(ports.clock.now() / 1000));
      const lines = [
        `${hostname} answered a probe with 421 just now: it is busy, or accepts fewer connections from here. It will not be probed again for ${seconds} s.`,
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    const decided = await decideRecipientCheck(
      ports,
      request,
      { ...asked.endpoint, recordTypes: inZones.recordTypes },
      deadline,
    );
    if (!decided.ok) {
      const message = plainRefusal([decided.message, 'Nothing was probed.']);
      return decided.isDenial
        ? refuse(ports, request, streamOf(undefined), [decided.message], message, deadline)
        : answer(ports, request, message, deadline);
    }
    const result = await probing(ports, request, asked.endpoint, inZones, decided.trial, deadline);
    if (result.ok) {
      const { report } = result;
      await keep(ports, 'that a server is busy', { hostname }, () => recordBusyServer(ports, hostname, report, signal));
    }
    const at = new Date(ports.clock.now()).toISOString();
    const { endpoint, registered, asRegistered } = asked;
    if (asRegistered && decided.trial.recipient === undefined) await keepProbe(ports, hostname, { at, result }, signal);
    const { inRoute53, wildcard } = inZones;
    const { profile } = ports;
    const message = checkMessage({
      ...endpoint,
      asRegistered,
      registered,
      inRoute53,
      wildcard,
      result,
      profile,
      at,
      nowMs: ports.clock.now(),
      commandLine: request.text,
    });
    return answer(ports, request, message, deadline);
  });
};
