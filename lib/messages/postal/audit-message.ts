import type { KnownBlock } from '@slack/types';
import { type Audit, type AuditedEndpoint, allFindings } from '../../core/postal/audit/audit.ts';
import type { AuditFinding } from '../../core/postal/audit/finding.ts';
import { agoText, countOf } from '../../core/postal/audit/words.ts';
import { type AuditLevel, levelOf, worstFirst } from '../../core/postal/audit/worst-first.ts';
import type { Difference } from '../../core/postal/predictions/comparisons.ts';
import { actions, code, context, escapeText, section, sections, shortened, table } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import { pageButtons, pagesLine } from '../block-kit/page-buttons.ts';
import { pageOf } from '../block-kit/paginate.ts';
import type { Message } from '../message.ts';
import { differenceBlocks } from './difference-blocks.ts';
import { importFixesButton } from './import-fixes-button.ts';
import { sourceText } from './in-postal-text.ts';

export type AuditView = {
  readonly audit: Audit;
  readonly senders: readonly string[];
  /** Zones that could not be read: nothing is said of whether their names resolve. */
  readonly unread: readonly { readonly name: string; readonly why: string }[];
  readonly page: number;
  /** One hostname, or one mail server, to which the audit is narrowed. */
  readonly of: { readonly hostname?: string; readonly server?: string };
  /** Where deliveries to this hostname differed from what was predicted. */
  readonly differences: readonly Difference[];
  /** Names can be proposed for some of the endpoints. */
  readonly isFixable: boolean;
  readonly nowMs: number;
};

const marks: Readonly<Record<AuditLevel, string>> = { critical: '❌', warning: '⚠️', info: '▫️', fine: '✅' };

const longestCell = 90;

const placeText = ({ subject: { endpoint, port } }: AuditedEndpoint): string =>
  `${endpoint.hostname}${port === 25 ? '' : `:${port}`}`;

const mailText = ({ subject: { waiting, deliveries } }: AuditedEndpoint, nowMs: number): string => {
  const sent =
    deliveries === null
      ? []
      : [
          deliveries.lastSentAtMs === null
            ? 'nothing accepted in 72 h'
            : `accepted ${agoText(deliveries.lastSentAtMs, nowMs)} ago`,
        ];
  return [...(waiting.count === 0 ? [] : [`${waiting.count} wait`]), ...sent].join(', ') || '–';
};

/** The endpoint, its findings first: they are what a phone shows. The mail server is named where there are several. */
const rowOf = (audited: AuditedEndpoint, { audit, nowMs }: AuditView): string[] => {
  const { endpoint, server } = audited.subject;
  const codes = audited.findings.map((finding) => finding.code).join(', ');
  const name = audit.servers.length > 1 ? `${endpoint.name} (${server.name})` : endpoint.name;
  return [
    `${marks[levelOf(audited.findings)]} ${shortened(name, longestCell)}`,
    codes === '' ? 'fine' : shortened(codes, longestCell),
    shortened(placeText(audited), longestCell),
    mailText(audited, nowMs),
  ];
};

const findingText = ({ severity, code: name, message, remedy }: AuditFinding): string =>
  `${marks[severity]} ${code(name)} ${escapeText(message)}\n→ ${escapeText(remedy)}`;

const countsText = (audit: Audit): string => {
  const found = allFindings(audit);
  const of = (severity: AuditFinding['severity']): number =>
    found.filter((finding) => finding.severity === severity).length;
  const [critical, warnings] = [of('critical'), of('warning')];
  if (critical + warnings === 0) return '✅ *Nothing in Postal needs attention.*';
  const counts = [
    ...(critical === 0 ? [] : [`${critical} critical`]),
    ...(warnings === 0 ? [] : [countOf(warnings, 'warning')]),
  ];
  return `${critical > 0 ? '❌' : '⚠️'} *Postal: ${counts.join(', ')}*`;
};

/** Remarks on a page beyond its table: the worst findings in words, as many as fit a phone. */
const findingsAtMost = 8;

const worded = (findings: readonly AuditFinding[]): KnownBlock[] => {
  const shown = findings.slice(0, findingsAtMost);
  const more = findings.length - shown.length;
  return [
    ...sections(shown.map(findingText).join('\n')),
    ...(more > 0 ? [context(`${countOf(more, 'more finding')}`)] : []),
  ];
};

const commandOf = ({ of: { hostname, server } }: AuditView): string =>
  [
    'audit',
    ...(hostname === undefined ? [] : [hostname]),
    ...(server === undefined ? [] : [`--server ${server}`]),
  ].join(' ');

const emptyText = ({ of: { hostname, server } }: AuditView): string =>
  hostname === undefined
    ? `Postal has no SMTP endpoint${server === undefined ? '' : ` in ${escapeText(server)}`}.`
    : `None of Postal's SMTP endpoints has the hostname ${escapeText(hostname)}.`;

/** What Postal has and what is wrong with it, worst first; of one hostname in words. */
export const auditMessage = (view: AuditView): Message => {
  const { audit, senders, unread, page, of, isFixable, nowMs } = view;
  const source = sourceText({ senders, atMs: audit.atMs }, nowMs);
  const refresh = commandButton('Refresh', commandOf(view), { replace: true });
  const endpoints = audit.endpoints.toSorted(worstFirst);
  if (endpoints.length === 0)
    return {
      text: `${emptyText(view)} (${source})`,
      blocks: [section(emptyText(view)), context(source), actions([refresh, commandButton('Audit all', 'audit')])],
    };
  const head = `${countsText(audit)} in ${countOf(endpoints.length, 'endpoint')}${of.server === undefined ? '' : ` of ${escapeText(of.server)}`}, ${source}`;
  const place = pageOf(endpoints, page, (each) => rowOf(each, view).join('').length);
  const elsewhere = [...audit.routes.flatMap(({ findings }) => findings), ...audit.findings];
  const words =
    of.hostname === undefined
      ? place.page === 1
        ? elsewhere.filter(({ severity }) => severity === 'critical')
        : []
      : endpoints.flatMap(({ findings }) => findings);
  const [first] = place.items;
  const isCritical = first !== undefined && levelOf(first.findings) !== 'fine';
  const hint =
    of.hostname === undefined && isCritical
      ? [section(`What is wrong and how to fix it: ${code(`/postal-endpoint audit ${first.subject.hostname}`)}`)]
      : [];
  const lines = place.items.map((each) => escapeText(rowOf(each, view).join(' · ')));
  return {
    text: [head.replaceAll('*', ''), ...lines].join('\n'),
    blocks: [
      section(head),
      table(
        ['endpoint', 'findings', 'hostname', 'mail'],
        place.items.map((each) => rowOf(each, view)),
        [1],
      ),
      ...worded(words),
      ...differenceBlocks(view.differences),
      ...hint,
      ...unread.map(({ name, why }) =>
        context(
          `⚠️ Zone ${code(name)} could not be read, so it is not known whether its names resolve: ${escapeText(shortened(why, longestCell))}`,
        ),
      ),
      context(pagesLine(place)),
      actions([
        ...(isFixable ? [importFixesButton(of)] : []),
        ...pageButtons(commandOf(view), place),
        refresh,
        ...(of.hostname === undefined ? [] : [commandButton('Check now', `check ${of.hostname}`)]),
      ]),
    ],
  };
};

export const nothingReported =
  'Nothing is known about Postal: no host has reported to this bot in the last eight days.';

/** Nothing was reported so far. */
export const noReportMessage = (): Message => {
  const text = nothingReported;
  const how = `On the Postal host, ${code('postal-endpoint audit --send URL')} sends what Postal has; a timer can do so every few minutes.`;
  return { text: `${text} ${how.replaceAll('`', '')}`, blocks: [section(`❔ ${text}`), section(how)] };
};
