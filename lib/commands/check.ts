import type { Deadline } from '../deadline.ts';
import type { RecordSet } from '../dns/record-set.ts';
import type { SslMode } from '../endpoint/definition.ts';
import type { Finding } from '../endpoint/finding.ts';
import { type Hostname, parseHostname } from '../endpoint/hostname.ts';
import { checkPort } from '../endpoint/port-rules.ts';
import { checkSslMode } from '../endpoint/ssl-mode-rules.ts';
import { suggestHostname } from '../endpoint/suggest-hostname.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import { fold } from '../ledger/fold.ts';
import type { ProbeRequest, ProbeResult } from '../probe/report.ts';
import { checkMessage, noRecordMessage } from '../slack/messages/check-message.ts';
import { plainRefusal, refusedMessage } from '../slack/messages/refused-message.ts';
import { authorised } from './authorised.ts';
import { saveProbe } from './directory.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { probeEndpoint } from './probe-endpoint.ts';
import { answer } from './refuse.ts';

type Endpoint = { readonly hostname: Hostname; readonly port: number; readonly sslMode: SslMode };
type Wanted =
  | { readonly ok: true; readonly endpoint: Endpoint; readonly registered: boolean }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Port and mode as given, else as registered, else Postal's defaults. */
const wanted = async (ports: Ports, request: Request<'check'>, hostname: Hostname, signal: AbortSignal): Promise<Wanted> => {
  const { port: portText, sslMode: modeText } = request.command;
  const { definition } = fold(await ports.ledger.read(hostname, signal));
  const port = checkPort(portText ?? definition?.port.toString(), ports.policy);
  const mode = checkSslMode(modeText ?? definition?.sslMode);
  if (port.port === undefined || mode.sslMode === undefined) return { ok: false, findings: [...port.findings, ...mode.findings] };
  const registered = definition !== undefined && port.port === definition.port && mode.sslMode === definition.sslMode;
  return { ok: true, endpoint: { hostname, port: port.port, sslMode: mode.sslMode }, registered };
};

const typesOf = (recordSets: readonly RecordSet[]): ProbeRequest['recordTypes'] => {
  const has = (type: string): boolean => recordSets.some((set) => set.type === type || set.type === 'CNAME' || set.foreign === 'alias');
  return [...(has('AAAA') ? (['AAAA'] as const) : []), ...(has('A') ? (['A'] as const) : [])];
};

/** What Route 53 has at a name of our zones; outside them the resolver is asked for both types. */
const typesToAsk = async (
  ports: Ports,
  hostname: Hostname,
  signal: AbortSignal,
): Promise<ProbeRequest['recordTypes'] | { readonly unreadable: string }> => {
  const zone = zoneOf(hostname, ports.policy.zones);
  if (zone === undefined) return ['AAAA', 'A'];
  const read = await ports.zones.readNames(zone.id, [hostname], signal);
  return read.ok ? typesOf(read.value) : { unreadable: read.failure.message };
};

/** Probes one hostname, registered or not, from where Postal stands. */
export const check = async (ports: Ports, request: Request<'check'>, deadline: Deadline): Promise<Outcome> => {
  const { signal } = deadline;
  const parsed = parseHostname(request.command.hostname);
  if (!('hostname' in parsed)) {
    const suggestion = suggestHostname(request.command.hostname, ports.policy);
    return answer(ports, request, refusedMessage('check', parsed.findings, suggestion && `/postal-endpoint check ${suggestion}`), deadline);
  }
  const { hostname } = parsed;
  return authorised(ports, request, hostname, deadline, async () => {
    const asked = await wanted(ports, request, hostname, signal);
    if (!asked.ok) return answer(ports, request, refusedMessage('check', asked.findings, undefined), deadline);
    const recordTypes = await typesToAsk(ports, hostname, signal);
    if ('unreadable' in recordTypes) {
      const lines = [`Route 53 could not be read, so ${hostname} was not probed. ${recordTypes.unreadable}`, 'Try again in a minute.'];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    if (recordTypes.length === 0) return answer(ports, request, noRecordMessage(hostname), deadline);
    const result: ProbeResult = await probeEndpoint(ports, { requestId: request.requestId, ...asked.endpoint, recordTypes }, deadline);
    const at = new Date(ports.clock.now()).toISOString();
    if (asked.registered) await saveProbe(ports.state, hostname, { at, result }, signal);
    return answer(
      ports,
      request,
      checkMessage({ ...asked.endpoint, registered: asked.registered, result, at, nowMs: ports.clock.now(), commandLine: request.text }),
      deadline,
    );
  });
};
