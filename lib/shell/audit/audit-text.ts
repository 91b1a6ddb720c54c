import { type Audit, type AuditedEndpoint, allFindings } from '../../core/postal/audit/audit.ts';
import type { AuditFinding } from '../../core/postal/audit/finding.ts';
import { agoText, countOf } from '../../core/postal/audit/words.ts';
import { type AuditLevel, auditLevels, levelOf, worstFirst } from '../../core/postal/audit/worst-first.ts';
import { plain } from '../plain.ts';
import { fitted, terminalColumns, wrapped } from '../terminal.ts';

const marks: Readonly<Record<AuditLevel, string>> = { critical: '✗', warning: '!', info: '·', fine: '✓' };

const placeText = ({ subject: { endpoint, port } }: AuditedEndpoint): string =>
  `${plain(endpoint.hostname)}${port === 25 ? '' : `:${port}`}`;

const sentText = ({ subject: { deliveries, nowMs } }: AuditedEndpoint): string => {
  if (deliveries === null) return '?';
  return deliveries.lastSentAtMs === null ? '–' : agoText(deliveries.lastSentAtMs, nowMs);
};

const codesText = (findings: readonly AuditFinding[]): string => {
  const [first, ...more] = findings;
  if (first === undefined) return 'fine';
  return more.length === 0 ? first.code : `${first.code} +${more.length}`;
};

type Cells = Readonly<Record<'mark' | 'name' | 'place' | 'waits' | 'sent' | 'found', string>>;

const heading: Cells = {
  mark: ' ',
  name: 'endpoint',
  place: 'hostname',
  waits: 'waits',
  sent: 'sent',
  found: 'findings',
};

const cellsOf = (audited: AuditedEndpoint): Cells => ({
  mark: marks[levelOf(audited.findings)],
  name: plain(audited.subject.endpoint.name),
  place: placeText(audited),
  waits: audited.subject.waiting.count === 0 ? '' : String(audited.subject.waiting.count),
  sent: sentText(audited),
  found: codesText(audited.findings),
});

/** Columns that a cell takes at most, beside the hostname, which has what is left. */
const most = { name: 16, waits: 6, sent: 6, found: 21 } as const;
const spaces = 5;

/** Names and findings get the columns that they need, and hostnames what is left of 80. */
const tableLines = (rows: readonly Cells[]): readonly string[] => {
  const columnsOf = (cell: keyof typeof most): number =>
    Math.min(most[cell], Math.max(...rows.map((row) => [...row[cell]].length)));
  const [name, waits, sent, found] = [columnsOf('name'), columnsOf('waits'), columnsOf('sent'), columnsOf('found')];
  const place = terminalColumns - 1 - name - waits - sent - found - spaces;
  return rows.map((row) =>
    [
      row.mark,
      fitted(row.name, name),
      fitted(row.place, place),
      row.waits.padStart(waits),
      row.sent.padStart(sent),
      fitted(row.found, found),
    ]
      .join(' ')
      .trimEnd(),
  );
};

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
  const counted = (level: AuditLevel): number => endpoints.filter(({ findings }) => levelOf(findings) === level).length;
  const broken = counted('critical');
  const fine = counted('fine') + counted('info');
  const warned = counted('warning');
  const rest = [...(warned === 0 ? [] : [`${warned} with warnings`]), `${fine} fine`].join(', ');
  const head = ((): string => {
    if (endpoints.length === 0) return 'Postal has no SMTP endpoint.';
    if (broken === 0) return `No endpoint is broken: ${rest}.`;
    return `${broken} of ${countOf(endpoints.length, 'endpoint')} ${broken === 1 ? 'is' : 'are'} broken, ${rest}.`;
  })();
  const others = [
    ...(audit.routes.length === 0 ? [] : [countOf(audit.routes.length, 'route')]),
    ...(audit.findings.length === 0 ? [] : [`${countOf(audit.findings.length, 'problem')} of the queue`]),
  ].join(' and ');
  const at = new Date(atMs).toISOString().slice(0, 16).replace('T', ' ');
  return [
    ...wrapped(head),
    ...(others === '' ? [] : wrapped(`Also: ${others}, see below.`)),
    ...wrapped(`${countOf(servers.length, 'mail server')}, read from ${source} at ${at} UTC.`),
  ];
};

const otherFindings = (audit: Audit): readonly string[] => {
  const routes = [...audit.routes].sort(
    (one, other) => auditLevels.indexOf(levelOf(one.findings)) - auditLevels.indexOf(levelOf(other.findings)),
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
    deliveries.kind !== 'not granted'
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
    ...(endpoints.length === 0 ? [] : ['', ...tableLines([heading, ...endpoints.map(cellsOf)])]),
    ...endpoints.flatMap(endpointDetails),
    ...otherFindings(audit),
    ...registryLines(audit),
    ...notGranted(audit),
    ...(allFindings(audit).length === 0 && endpoints.length > 0 ? ['', 'Nothing to do.'] : []),
  ].join('\n');
};
