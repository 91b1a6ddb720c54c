import type { KnownBlock } from '@slack/types';
import { adoptable, adoptLine } from '../../core/dns/adoptable.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { wildcardText } from '../../core/dns/zone-answer.ts';
import type { Definition, SslMode } from '../../core/endpoint/definition.ts';
import { assess } from '../../core/postal/assess.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { ProbeReport, ProbeResult } from '../../core/probe-report/report.ts';
import { actions, code, context, dateText, escapeText, section, sections, shortened } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';
import { findingBlocks, levelMark, levelOf, verdictBlocks, verdictSentence } from './probe-blocks.ts';
import { stageBlocks } from './stage-table.ts';
import { durationText } from './stage-words.ts';

export type CheckView = {
  readonly hostname: string;
  readonly port: number;
  readonly sslMode: SslMode;
  /** Whether port and mode are those registered. */
  readonly asRegistered: boolean;
  readonly registered: Definition | undefined;
  /** Every record set at the hostname; absent outside our zones. */
  readonly inRoute53: readonly RecordSet[] | undefined;
  /** The wildcard that answers for the hostname, where one does. */
  readonly wildcard?: string | undefined;
  readonly result: ProbeResult;
  readonly profile: PostalProfile;
  readonly at: string;
  readonly nowMs: number;
  /** What asks for the same again. */
  readonly commandLine: string;
};

/** Lines of banners and certificates in one message. */
const longestDetails = 4;
/** Escaping makes four or five characters of one. */
const longestSaying = 40;
const longestBanner = 80;
const answersShown = 6;

const said = (text: string): string => code(shortened(text, longestSaying));

/** The DNS queries and their results. */
const resolutionLine = ({ resolution }: ProbeReport): string => {
  const left = resolution.answers.length - answersShown;
  return [
    ...resolution.answers
      .slice(0, answersShown)
      .map(
        ({ type, rcode, reason, nameserver, durationMs }) =>
          `${type} ${escapeText(shortened(rcode ?? reason ?? 'no answer', longestSaying))} from ${code(nameserver)} in ${durationText(durationMs)}`,
      ),
    ...(left > 0 ? [`${left} answers more`] : []),
  ].join(' · ');
};

const certificateLines = ({ addresses }: ProbeReport): readonly string[] => {
  const shown = Map.groupBy(
    addresses.filter(({ tls }) => tls?.certificate !== undefined),
    ({ tls }) => tls?.certificate?.fingerprint256,
  );
  return [...shown.values()].flatMap((group) => {
    const certificate = group[0]?.tls?.certificate;
    if (certificate === undefined) return [];
    const { subject, issuer, selfSigned, key, notAfter } = certificate;
    const at = addresses.length === 1 ? '' : ` of ${group.map(({ ip }) => code(ip)).join(' ')}`;
    const by = selfSigned ? 'by itself' : `by ${said(issuer)}`;
    return [
      `Certificate${at}: ${said(subject)}, signed ${by}, ${escapeText(shortened(key, longestSaying))}, until ${said(notAfter.slice(0, 10))}`,
    ];
  });
};

/** Of one address the table of stages has the banner. */
const bannerLines = ({ addresses }: ProbeReport): readonly string[] =>
  addresses.length === 1
    ? []
    : addresses.flatMap(({ ip, banner }) =>
        banner === undefined ? [] : [`${code(ip)} says ${code(shortened(banner, longestBanner))}`],
      );

/** What the servers said and showed, as far as one message has room; the rest is counted. */
const detailBlocks = (report: ProbeReport): KnownBlock[] => {
  const lines = [...certificateLines(report), ...bannerLines(report)];
  const shown = lines.slice(0, longestDetails);
  const left = lines.length - shown.length;
  return lines.length === 0
    ? []
    : [context([...shown, ...(left === 0 ? [] : [`… and ${left} more lines are not shown.`])].join('\n'))];
};

/** Where the records of a name that nobody registered come from, and how to take them over. */
const unregisteredBlocks = ({ hostname, registered, inRoute53, wildcard }: CheckView): KnownBlock[] => {
  if (registered !== undefined || inRoute53 === undefined || inRoute53.length === 0) return [];
  if (wildcard !== undefined)
    return [
      section(
        `${escapeText(`${hostname} has no record of its own: the wildcard ${wildcardText(wildcard)} answers for it.`)}`,
      ),
    ];
  return adoptable(hostname, inRoute53).kind === 'yes'
    ? [section(`Nobody has registered it here. Take it over as it is: ${code(adoptLine(hostname))}`)]
    : [];
};

/** One probe in full: verdict, a line an address, stages, findings, Postal's words where it fails, and what the servers showed. */
export const checkMessage = (view: CheckView): Message => {
  const { hostname, port, sslMode, asRegistered, registered, inRoute53, result, profile, at, nowMs, commandLine } =
    view;
  const seen = assess(result, { profile, nowMs, ...(registered && { registered }), ...(inRoute53 && { inRoute53 }) });
  const what = `${hostname} · port ${port} · ${sslMode}${asRegistered ? '' : registered === undefined ? ' · not registered' : ' · not as registered'}`;
  const blocks: KnownBlock[] = [context(escapeText(what)), ...verdictBlocks(seen), ...unregisteredBlocks(view)];
  if (seen.ok) {
    const { report } = seen.assessment;
    const from = report.seenFrom === undefined ? '' : ` from ${code(report.seenFrom)}`;
    blocks.push(
      ...stageBlocks(report),
      ...findingBlocks(seen),
      ...detailBlocks(report),
      context(`${resolutionLine(report)} · seen${from} ${dateText(at)} · ${durationText(report.durationMs)} in all`),
    );
  }
  blocks.push(
    actions([
      commandButton('Check again', commandLine, { replace: true }),
      commandButton('Show', `show ${hostname}`),
      commandButton('History', `history ${hostname}`),
    ]),
  );
  return {
    text: `${levelMark(levelOf(seen))} ${escapeText(`${hostname}, port ${port}, ${sslMode}: ${verdictSentence(seen)}`)}`,
    blocks,
  };
};

/** The asker's own view while a probe takes long. */
export const checkingMessage = (hostname: string, behind: readonly string[], now: string): Message => ({
  text: `⏳ ${escapeText(`Checking ${hostname}: ${now}`)}`,
  blocks: sections(
    [
      `⏳ Checking *${escapeText(hostname)}*`,
      ...behind.map((step) => `✓ ${escapeText(step)}`),
      `⏳ ${escapeText(now)}`,
    ].join('\n'),
  ),
});

/** A name of our zones without an address is not looked up: the resolver would remember the "no". `missing` names the link that is missing. */
export const noRecordMessage = (
  hostname: string,
  missing: string | undefined,
  isRegistered: boolean,
  inTheWay: string | undefined,
): Message => {
  const lacksType = missing === `${hostname} has no A or AAAA record`;
  const isOwn = missing === undefined || missing === `${hostname} does not exist` || lacksType;
  const why = !isOwn
    ? `${hostname} leads to no address: ${missing}`
    : `${hostname} has no ${lacksType ? 'A, AAAA or CNAME record' : 'record'} in Route 53`;
  const text = `${why}, so Postal would say "No hosts to try". The resolver was not asked: it would cache the negative answer.`;
  const remedy = isRegistered
    ? `See what was registered: ${code(`/postal-endpoint drift ${hostname}`)}`
    : inTheWay !== undefined
      ? escapeText(inTheWay)
      : isOwn
        ? `Register it: ${code(`/postal-endpoint add ${hostname} <address>`)}`
        : undefined;
  return {
    text,
    blocks: [section(`❌ ${escapeText(text)}`), ...(remedy === undefined ? [] : [section(remedy)])],
  };
};
