import type { AuditFinding, AuditFindingCode } from './finding.ts';
import { auditFinding } from './finding.ts';
import type { Subject } from './subject.ts';
import { agoText, countOf } from './words.ts';

type Words = readonly [message: string, remedy: string];
type Rule = (subject: Subject) => Words | undefined;

/** The page of the endpoint in Postal's web interface. */
const page = ({ endpoint, server }: Subject): string =>
  `In Postal: ${server.name} → Routing → SMTP Endpoints → ${endpoint.name}`;

const waitingText = ({ waiting, nowMs }: Subject): string =>
  waiting.oldestAtMs === null
    ? ''
    : ` ${countOf(waiting.count, 'message')} ${waiting.count === 1 ? 'waits' : 'wait'}, the oldest for ${agoText(waiting.oldestAtMs, nowMs)}.`;

/** The command that probes an endpoint as it is in Postal. */
const checkCommand = ({ hostname, port, endpoint: { sslMode } }: Subject): string =>
  [
    `postal-endpoint check ${hostname}`,
    ...(port === 25 ? [] : [`--port ${port}`]),
    ...(sslMode === null || sslMode === 'Auto' ? [] : [`--ssl-mode ${sslMode}`]),
  ].join(' ');

/** Waiting messages keep their endpoint, so that a route that leads elsewhere does not move them. */
const keepRoute = 'Leave the route as it is: what waits stays with this endpoint, and Postal retries it automatically.';

const saidBy = ({ deliveries }: Subject): string => {
  const last = deliveries?.lastFailure ?? null;
  if (last === null) return '';
  const output = last.output?.trim() ?? '';
  return ` Postal says: ${last.details ?? last.status}${output === '' ? '' : ` (${output})`}`;
};

const failsNow: Rule = (subject) => {
  const { failingNow, deliveries, waiting, nowMs, isAddress, resolves } = subject;
  if (!failingNow) return undefined;
  const since = deliveries?.failingSinceMs ?? null;
  const how =
    since === null
      ? `Deliveries fail: after ${countOf(waiting.maxAttempts, 'attempt')} mail still waits.`
      : `Deliveries have failed for ${agoText(since, nowMs)}.`;
  const isNamed = !isAddress && resolves !== 'none';
  const first = isNamed
    ? `Run ${checkCommand(subject)} to see where it stops, and repair the mail server or the endpoint.`
    : 'Correct the hostname first.';
  return [`${how}${waitingText(subject)}${saidBy(subject)}`, `${first} ${keepRoute}`];
};

/** A mode that Postal 3 takes for plaintext is never the one to register. */
const orRegister = ({ hostname, endpoint, isPostal3 }: Subject): string =>
  endpoint.sslMode === 'STARTTLS' && isPostal3
    ? ''
    : ` If Postal is right, change the registration instead: /postal-endpoint update ${hostname} --ssl-mode ${endpoint.sslMode}.`;

const twinsText = ({ twins: { count, first } }: Subject): string => {
  const named = first.map(({ name, id }) => `"${name}" (id ${id})`).join(', ');
  return count > first.length ? `${named} and ${countOf(count - first.length, 'other endpoint')}` : named;
};

const rules: Readonly<Partial<Record<AuditFindingCode, Rule>>> = {
  'ip-literal': (subject) =>
    subject.isAddress
      ? [
          `The hostname is the IP address ${subject.hostname}. Postal looks it up in DNS like a name and finds no address, so no mail is delivered.`,
          `Register a name for ${subject.hostname}. ${page(subject)} → Hostname: enter that name.`,
        ]
      : undefined,
  'dead-name': (subject) =>
    !subject.isAddress && subject.resolves === 'none'
      ? [
          `DNS has no address for ${subject.hostname || 'the empty hostname'}. Postal finds no server and retries until it gives up.`,
          `Create the record for ${subject.hostname || 'the mail server'}. Or ${page(subject).replace('In', 'in')} → Hostname: enter a name that resolves.`,
        ]
      : undefined,
  'fails-now': failsNow,
  'server-suspended': ({ server }) =>
    server.isSuspended
      ? [
          `The mail server ${server.name} or its organization is suspended. Postal holds every message.`,
          `In Postal: ${server.name} → Settings → Admin → Unsuspend server. Held messages have to be released one by one under Messages → Held.`,
        ]
      : undefined,
  'starttls-plaintext': (subject) =>
    subject.endpoint.sslMode === 'STARTTLS' && subject.isPostal3
      ? [
          'SSL mode STARTTLS sends mail in plaintext on Postal 3: it never starts TLS.',
          `${page(subject)} → SSL Mode: Auto, which encrypts where the server offers STARTTLS.`,
        ]
      : undefined,
  'ssl-mode-missing': (subject) =>
    subject.endpoint.sslMode === null
      ? ['No SSL mode is set. Postal sends mail in plaintext.', `${page(subject)} → SSL Mode: Auto.`]
      : undefined,
  'port-out-of-range': (subject) =>
    subject.port < 1 || subject.port > 65_535
      ? [
          `Port ${subject.port} is outside 1 to 65535. Postal connects to another port than the one entered, or to none.`,
          `${page(subject)} → Port: the port of the mail server, usually 25.`,
        ]
      : undefined,
  'drift-ssl-mode': (subject) => {
    const { registration, endpoint } = subject;
    if (!registration || endpoint.sslMode === null || registration.sslMode === endpoint.sslMode) return undefined;
    return [
      `Postal uses SSL mode ${endpoint.sslMode}, but ${subject.hostname} is registered with ${registration.sslMode}.`,
      `${page(subject)} → SSL Mode: ${registration.sslMode}.${orRegister(subject)}`,
    ];
  },
  'drift-port': (subject) => {
    const { registration } = subject;
    if (!registration || registration.port === subject.port) return undefined;
    return [
      `Postal uses port ${subject.port}, but ${subject.hostname} is registered with port ${registration.port}.`,
      `${page(subject)} → Port: ${registration.port}. If Postal is right, change the registration instead: /postal-endpoint update ${subject.hostname} --port ${subject.port}.`,
    ];
  },
  'port-mode-swapped': (subject) => {
    const { port, endpoint } = subject;
    const speaksTlsTooSoon = endpoint.sslMode === 'TLS' && (port === 25 || port === 587);
    const speaksTlsTooLate = endpoint.sslMode !== null && endpoint.sslMode !== 'TLS' && port === 465;
    if (!speaksTlsTooSoon && !speaksTlsTooLate) return undefined;
    return [
      speaksTlsTooSoon
        ? `SSL mode TLS encrypts from the first byte, but servers greet in plaintext on port ${port}.`
        : `Servers expect TLS from the first byte on port 465, but SSL mode ${endpoint.sslMode} starts in plaintext.`,
      speaksTlsTooSoon
        ? `${page(subject)}: SSL Mode Auto for port ${port}, or port 465 for SSL mode TLS.`
        : `${page(subject)}: SSL Mode TLS for port 465, or port 25 for SSL mode ${endpoint.sslMode}.`,
    ];
  },
  'delivers-plaintext': (subject) => {
    const count = subject.deliveries?.sentPlaintext ?? 0;
    if (count === 0) return undefined;
    return [
      `Postal sent ${countOf(count, 'message')} to this endpoint in plaintext within 72 h.`,
      `${page(subject)} → SSL Mode: Auto. If it is Auto already, the mail server does not offer STARTTLS: turn TLS on there.`,
    ];
  },
  unregistered: (subject) =>
    !subject.isAddress && subject.registration === null
      ? [
          `${subject.hostname || 'The empty hostname'} is not registered with postal-endpoint, so nobody watches it.`,
          `Register it with /postal-endpoint add ${subject.hostname}, or adopt if its record exists. A public name of someone else can stay as it is.`,
        ]
      : undefined,
  'server-development': ({ server }) =>
    server.mode === 'Development'
      ? [
          `The mail server ${server.name} is in Development mode. Postal holds every message.`,
          `In Postal: ${server.name} → Settings → Server Settings → Mode: Live.`,
        ]
      : undefined,
  'never-delivered': (subject) =>
    !subject.endpoint.wasUsed &&
    subject.routes.length > 0 &&
    !subject.failingNow &&
    subject.server.mode !== 'Development' &&
    !subject.server.isSuspended
      ? [
          'A route leads here, but no mail server of this endpoint has ever answered a delivery.',
          `Send a message to ${subject.routes[0]?.address ?? 'its route'} and look at it in Postal: ${subject.server.name} → Messages → Incoming.`,
        ]
      : undefined,
  duplicate: (subject) =>
    subject.twins.count > 0
      ? [
          `The same hostname and port are also in ${twinsText(subject)}.`,
          `Keep one: point its routes there (${subject.server.name} → Routing → Routes), wait until the queue is empty, then delete the other under SMTP Endpoints.`,
        ]
      : undefined,
  unused: (subject) =>
    subject.routes.length === 0
      ? [
          'No route leads to this endpoint.',
          `In Postal: ${subject.server.name} → Routing → Routes: choose it in a route, or delete it under SMTP Endpoints once nothing waits.`,
        ]
      : undefined,
};

/** What there is to do about one endpoint, without what a probe finds. */
export const endpointFindings = (subject: Subject): readonly AuditFinding[] =>
  (Object.entries(rules) as readonly (readonly [AuditFindingCode, Rule])[]).flatMap(([code, rule]) => {
    const words = rule(subject);
    return words === undefined ? [] : [auditFinding(code, ...words)];
  });
