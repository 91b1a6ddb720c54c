import type { KnownBlock } from '@slack/types';
import type { SslMode } from '../../endpoint/definition.ts';
import type { ProbeReport, ProbeResult } from '../../probe/report.ts';
import { summarise } from '../../probe/summary.ts';
import { actions, code, context, dateText, escapeText, section, sections, shortened } from '../blocks.ts';
import { commandButton } from '../button.ts';
import type { Message } from '../messenger.ts';
import { longestSaying, probeBlocks, stageBlocks } from './probe-blocks.ts';

export type CheckView = {
  readonly hostname: string;
  readonly port: number;
  readonly sslMode: SslMode;
  readonly registered: boolean;
  readonly result: ProbeResult;
  readonly at: string;
  readonly nowMs: number;
  /** What asks for the same again. */
  readonly commandLine: string;
};

/** Lines of banners and certificates in one message. */
const longestDetails = 8;

const resolutionLine = ({ resolution }: ProbeReport): string =>
  resolution.answers
    .map(
      ({ type, rcode, reason, nameserver, durationMs }) =>
        `${type} ${escapeText(rcode ?? reason ?? 'no answer')} from ${code(nameserver)} in ${Math.round(durationMs)} ms`,
    )
    .join(' · ');

const said = (text: string): string => code(shortened(text, longestSaying));

const certificateLines = ({ addresses }: ProbeReport): string[] =>
  addresses.flatMap(({ ip, tls }) => {
    if (tls?.certificate === undefined) return [];
    const { subject, issuer, key, notAfter } = tls.certificate;
    return [
      `${code(ip)} ${said(tls.protocol)} ${said(tls.cipher)} · ${said(subject)} by ${said(issuer)} · ${escapeText(key)} · until ${said(notAfter.slice(0, 10))}`,
    ];
  });

const bannerLines = ({ addresses }: ProbeReport): string[] =>
  addresses.flatMap(({ ip, banner }) => (banner === undefined ? [] : [`${code(ip)} says ${said(banner)}`]));

/** What the servers said and showed, as far as one message has room; the rest is counted. */
const detailBlocks = (report: ProbeReport): KnownBlock[] => {
  const lines = [...bannerLines(report), ...certificateLines(report)];
  const shown = lines.slice(0, longestDetails);
  const left = lines.length - shown.length;
  return lines.length === 0 ? [] : sections([...shown, ...(left === 0 ? [] : [`… and ${left} lines more, for which there is no room.`])].join('\n'));
};

/** One probe in full: verdict, a line an address, stages with milliseconds, what the server said and showed. */
export const checkMessage = ({ hostname, port, sslMode, registered, result, at, nowMs, commandLine }: CheckView): Message => {
  const blocks: KnownBlock[] = [
    section(`*${escapeText(hostname)}* port ${port}, ${sslMode}${registered ? '' : ' (not as registered)'}`),
    ...probeBlocks(result, nowMs),
  ];
  if (result.ok) {
    blocks.push(...stageBlocks(result.report));
    blocks.push(...detailBlocks(result.report));
    const from = result.report.seenFrom === undefined ? '' : ` from ${code(result.report.seenFrom)}`;
    blocks.push(context(`${resolutionLine(result.report)} · seen${from} ${dateText(at)} · ${Math.round(result.report.durationMs)} ms in all`));
  }
  blocks.push(
    actions([
      commandButton('Check again', commandLine, { replace: true }),
      commandButton('Show', `show ${hostname}`),
      commandButton('History', `history ${hostname}`),
    ]),
  );
  const headline = result.ok ? summarise(result.report, nowMs).headline : `Not probed. ${result.failure.message}`;
  return { text: `${hostname}, port ${port}, ${sslMode}: ${escapeText(headline)}`, blocks };
};

/** Inside our zones a name that Route 53 does not have is not looked up: the resolver would remember the "no". */
export const noRecordMessage = (hostname: string): Message => {
  const text = `${hostname} has no record in Route 53, so Postal would say "No hosts to try". The resolver was not asked: it would remember the "no".`;
  return { text, blocks: [section(`❌ ${escapeText(text)}`), section(`Register it: ${code(`/postal-endpoint add ${hostname} <address>`)}`)] };
};
