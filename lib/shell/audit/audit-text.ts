import { type Audit, type AuditedEndpoint, allFindings } from '../../core/postal/audit/audit.ts';
import type { AuditFinding } from '../../core/postal/audit/finding.ts';
import { agoText, countOf } from '../../core/postal/audit/words.ts';
import { severities } from '../../core/postal/findings/finding.ts';
import { plain } from '../plain.ts';
import { fitted, wrapped } from '../terminal.ts';

type Level = (typeof severities)[number] | 'fine';

const marks: Readonly<Record<Level, string>> = { critical: '✗', warning: '!', info: '·', fine: '✓' };

const levelOf = (findings: readonly AuditFinding[]): Level =>
  severities.find((severity) => findings.some((finding) => finding.severity === severity)) ?? 'fine';

const levels: readonly Level[] = [...severities, 'fine'];

/** Worst first; of equal severity what fails now, then what has the most mail waiting. */
const worstFirst = (one: AuditedEndpoint, other: AuditedEndpoint): number =>
  levels.indexOf(levelOf(one.findings)) - levels.indexOf(levelOf(other.findings)) ||
  Number(other.subject.failingNow) - Number(one.subject.failingNow) ||
  other.subject.waiting.count - one.subject.waiting.count ||
  one.subject.endpoint.id - other.subject.endpoint.id;

const placeText = ({ subject: { endpoint, port } }: AuditedEndpoint): string => `${plain(endpoint.hostname)}:${port}`;

const sentText = ({ subject: { deliveries, nowMs } }: AuditedEndpoint): string => {
  if (deliveries === null) return '?';
  return deliveries.lastSentAtMs === null ? '–' : agoText(deliveries.lastSentAtMs, nowMs);
};

const codesText = (findings: readonly AuditFinding[]): string => {
  const [first, ...more] = findings;
  if (first === undefined) return 'fine';
  return more.length === 0 ? first.code : `${first.code} +${more.length}`;
};

/** 2 + 18 + 27 + 5 + 7 columns and the spaces between leave 17 for the findings. */
const row = (
  cells: readonly [mark: string, name: string, place: string, waiting: string, sent: string, found: string],
): string => {
  const [mark, name, place, waiting, sent, found] = cells;
  return [mark, fitted(name, 16), fitted(place, 29), waiting.padStart(5), sent.padStart(6), fitted(found, 18)]
    .join(' ')
    .trimEnd();
};

const endpointRow = (audited: AuditedEndpoint): string =>
  row([
    marks[levelOf(audited.findings)],
    plain(audited.subject.endpoint.name),
    placeText(audited),
    audited.subject.waiting.count === 0 ? '' : String(audited.subject.waiting.count),
    sentText(audited),
    codesText(audited.findings),
  ]);

const findingLines = ({ severity, code, message, remedy }: AuditFinding): readonly string[] => [
  ...wrapped(`${code}: ${plain(message)}`, `  ${marks[severity]} `, '    '),
  ...wrapped(plain(remedy), '    → ', '      '),
];

const endpointDetails = (audited: AuditedEndpoint): readonly string[] => {
  const { subject, findings, probed } = audited;
  if (findings.length === 0) return [];
  const { endpoint, server, routes } = subject;
  const addresses = routes.slice(0, 3).map(({ address }) => plain(address));
  const more = routes.length > 3 ? ` and ${routes.length - 3} more` : '';
  const head = `${plain(endpoint.name)} (${plain(server.name)}): ${placeText(audited)}, SSL mode ${endpoint.sslMode === null ? 'not set' : plain(endpoint.sslMode)}`;
  const verdict = probed === undefined ? [] : [probed.ok ? probed.verdict.sentence : probed.message];
  return [
    '',
    ...wrapped(head),
    ...(addresses.length === 0 ? [] : wrapped(`routes: ${addresses.join(', ')}${more}`, '  ')),
    ...verdict.flatMap((sentence) => wrapped(`probe: ${plain(sentence)}`, '  ')),
    ...findings.flatMap(findingLines),
  ];
};

const summary = (audit: Audit, source: string): readonly string[] => {
  const { endpoints, servers, atMs } = audit;
  const counted = (level: Level): number => endpoints.filter(({ findings }) => levelOf(findings) === level).length;
  const broken = counted('critical');
  const fine = counted('fine') + counted('info');
  const head =
    endpoints.length === 0
      ? 'Postal has no SMTP endpoint.'
      : broken === 0
        ? `No endpoint is broken: ${fine} of ${endpoints.length} fine, ${counted('warning')} with warnings.`
        : `${broken} of ${endpoints.length} endpoints ${broken === 1 ? 'is' : 'are'} broken, ${counted('warning')} with warnings, ${fine} fine.`;
  const at = new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
  return [...wrapped(head), ...wrapped(`${countOf(servers.length, 'mail server')}, read from ${source} at ${at} UTC.`)];
};

const otherFindings = (audit: Audit): readonly string[] => {
  const routes = [...audit.routes].sort(
    (one, other) => levels.indexOf(levelOf(one.findings)) - levels.indexOf(levelOf(other.findings)),
  );
  return [
    ...(audit.findings.length === 0 ? [] : ['', 'Queue', ...audit.findings.flatMap(findingLines)]),
    ...routes.flatMap(({ server, address, findings }) => [
      '',
      ...wrapped(`Route ${plain(address)} (${plain(server.name)})`),
      ...findings.flatMap(findingLines),
    ]),
  ];
};

const notGranted = (audit: Audit): readonly string[] =>
  audit.servers.flatMap(({ name, deliveries }) =>
    deliveries.kind === 'read'
      ? []
      : [
          '',
          ...wrapped(
            `${plain(name)}: the account may not read its deliveries, so the queue alone shows what fails. As root of MariaDB:`,
          ),
          ...deliveries.grants.map((statement) => `  ${plain(statement)}`),
        ],
  );

const registryLines = ({ registeredNotInPostal, unresolved }: Audit): readonly string[] => [
  ...(registeredNotInPostal === null || registeredNotInPostal.length === 0
    ? []
    : ['', ...wrapped(`Registered, but in no endpoint of Postal: ${registeredNotInPostal.join(', ')}`)]),
  ...(unresolved.length === 0
    ? []
    : ['', ...wrapped(`DNS gave no answer, or an error, for: ${unresolved.map(plain).join(', ')}`)]),
];

/** An audit for a terminal of 80 columns: a table with the worst first, then each finding with what to do. */
export const auditText = (audit: Audit, source: string): string => {
  const endpoints = [...audit.endpoints].sort(worstFirst);
  return [
    ...summary(audit, source),
    ...(endpoints.length === 0
      ? []
      : ['', row([' ', 'endpoint', 'hostname:port', 'waits', 'sent', 'findings']), ...endpoints.map(endpointRow)]),
    ...endpoints.flatMap(endpointDetails),
    ...otherFindings(audit),
    ...registryLines(audit),
    ...notGranted(audit),
    ...(allFindings(audit).length === 0 && endpoints.length > 0 ? ['', 'Nothing to do.'] : []),
  ].join('\n');
};
