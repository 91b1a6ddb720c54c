import type { Deadline } from '../../core/base/deadline.ts';
import { auditStream } from '../../core/ledger/entry.ts';
import { examineReporting, type Reporting } from '../../core/postal/reports/reporting.ts';
import { openWindows } from '../../core/watch/mute/mute.ts';
import { verificationLine } from '../../core/watch/nightly-verification.ts';
import { type StatusLine, statusMessage } from '../../messages/watch/status-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { readReporting } from '../postal/read-reporting.ts';
import { waitingAnnouncements } from '../state/announcements.ts';
import { listRegistered } from '../state/directory.ts';
import { listAcknowledgements, listIncidents } from '../state/incident-store.ts';
import { listedOnce } from '../state/listed-once.ts';
import { listMutes } from '../state/mute-store.ts';
import { muteRulesOf } from '../state/mutes-by-name.ts';
import { readVerification } from '../state/verification-store.ts';
import { readSight } from '../watch/read-sight.ts';

const zoneLines = async (ports: Ports, signal: AbortSignal): Promise<StatusLine[]> =>
  Promise.all(
    ports.policy.zones.map(async ({ id, name, vpcs }): Promise<StatusLine> => {
      const what = `zone ${name} (${id})`;
      const inspected = await ports.zones.inspectZone(id, signal);
      if (!inspected.ok) return { ok: false, what, detail: inspected.failure.message };
      const { zone } = inspected.value;
      if (!zone.isPrivate) return { ok: false, what, detail: 'is a public zone: everyone can resolve its names' };
      if (zone.name !== name) return { ok: false, what, detail: `is called ${zone.name} in Route 53` };
      const missing = vpcs.filter((vpc) => !zone.vpcs.some((seen) => seen.id === vpc.id));
      if (missing.length > 0)
        return { ok: false, what, detail: `is not associated with ${missing.map((vpc) => vpc.id).join(', ')}` };
      return {
        ok: true,
        what,
        detail: `private, associated with ${zone.vpcs.map((vpc) => vpc.id).join(', ') || 'no VPC'}`,
      };
    }),
  );

const minuteText = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

const ledgerLines = async (ports: Ports, signal: AbortSignal): Promise<StatusLine[]> => {
  const head = await ports.ledger.head(auditStream, signal);
  const waiting = await waitingAnnouncements(ports.state, signal);
  const last =
    head === undefined
      ? 'nothing announced yet'
      : `${head.sequence} ${head.sequence === 1 ? 'announcement' : 'announcements'}, the last ${minuteText(head.at)}, ${head.hash.slice(0, 12)}…`;
  return [
    { ok: true, what: 'ledger', detail: last },
    {
      what: 'history',
      ...verificationLine(await readVerification(ports.state, signal), ports.clock.now(), {
        when: minuteText,
        text: (said) => said,
      }),
    },
    {
      ok: waiting.length === 0,
      what: 'announcements',
      detail: waiting.length === 0 ? 'none waiting' : `${waiting.length} waiting for the audit channel`,
    },
  ];
};

/** Whether watch sees everything that it should, a line for each thing that keeps it from that. */
const watchLines = async (ports: Ports, signal: AbortSignal): Promise<StatusLine[]> => {
  const faults = await readSight(ports, signal);
  return faults.length === 0
    ? [{ ok: true, what: 'watch', detail: 'sees every endpoint' }]
    : faults.map(({ text, remedy }) => ({ ok: false, what: 'watch', detail: `${text}. ${remedy}` }));
};

/** A probe that may connect nowhere: whether the prober answers at all. The name ends in `.invalid` (RFC 6761). */
const proberLine = async (ports: Ports, requestId: string, signal: AbortSignal): Promise<StatusLine> => {
  const began = ports.clock.now();
  const [port = 25] = ports.policy.ports;
  const probed = await ports.prober.probe(
    { requestId, hostname: 'status.invalid', port, sslMode: 'None', recordTypes: [], deadlineMs: 5_000 },
    signal,
  );
  return probed.ok
    ? { ok: true, what: 'prober', detail: `answers in ${ports.clock.now() - began} ms` }
    : { ok: false, what: 'prober', detail: probed.failure.message };
};

const postalLines = (reporting: Reporting, nowMs: number): StatusLine[] =>
  examineReporting(reporting, nowMs).map(({ health, what, detail }) => ({ ok: health === 'good', what, detail }));

/** Whether the parts that a change needs are well, seen from the worker just now. */
export const status = (given: Ports, request: Request<'status'>, deadline: Deadline): Promise<Outcome> =>
  authorised(given, request, undefined, deadline, async () => {
    const ports: Ports = { ...given, state: listedOnce(given.state) };
    const { signal } = deadline;
    const [zones, ledger, prober, watch, postal, registered, entered, incidents, acknowledgements] = await Promise.all([
      zoneLines(ports, signal),
      ledgerLines(ports, signal),
      proberLine(ports, request.requestId, signal),
      watchLines(ports, signal),
      readReporting(ports, signal),
      listRegistered(ports.state, signal),
      listMutes(ports.state, signal),
      listIncidents(ports.state, signal),
      listAcknowledgements(ports.state, signal),
    ]);
    const { policy, profile } = ports;
    const message = statusMessage({
      lines: [...zones, ...ledger, prober, ...watch, ...postalLines(postal, ports.clock.now())],
      incidents: incidents.filter(({ closedAtMs }) => closedAtMs === undefined),
      acknowledgements,
      endpoints: registered.length,
      mutes: [...entered, ...openWindows(muteRulesOf(policy), ports.clock.now())],
      nowMs: ports.clock.now(),
      policyVersion: policy.version,
      postalVersion: profile.version,
      auditChannel: policy.auditChannel,
      at: new Date(ports.clock.now()).toISOString(),
    });
    return answer(ports, request, message, deadline);
  });
