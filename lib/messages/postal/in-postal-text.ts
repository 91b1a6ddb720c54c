import type { Audit, AuditedEndpoint } from '../../core/postal/audit/audit.ts';
import { agoText, countOf } from '../../core/postal/audit/words.ts';
import { isOldReport, type PostalSource, sourceWords } from '../../core/postal/reports/source-words.ts';
import { context, dateText, escapeText, section } from '../block-kit/blocks.ts';
import type { Message } from '../message.ts';

/** With its day: mail can wait longer than one. */
const time = (ms: number): string => dateText(new Date(ms).toISOString());

/** `as postal1 reported 5 min ago`, with a warning where that is long ago. */
export const sourceText = (source: PostalSource, nowMs: number): string =>
  `${isOldReport(source.atMs, nowMs) ? '⚠️ ' : ''}${escapeText(sourceWords(source, nowMs))}`;

/** One endpoint of Postal in a line: where it is entered, what leads there, what was accepted, what waits, what fails. */
const endpointText = ({ subject }: AuditedEndpoint, nowMs: number): string => {
  const { endpoint, server, routes, deliveries, waiting, failingNow } = subject;
  const sent = deliveries === null ? null : deliveries.lastSentAtMs;
  const since = deliveries?.failingSinceMs ?? null;
  const accepted =
    deliveries === null
      ? []
      : [sent === null ? 'nothing accepted in 72 h' : `last accepted ${agoText(sent, nowMs)} ago`];
  const queued =
    waiting.oldestAtMs === null
      ? []
      : [`${waiting.count} ${waiting.count === 1 ? 'message' : 'messages'} waiting since ${time(waiting.oldestAtMs)}`];
  const fails = failingNow ? [`*deliveries fail*${since === null ? '' : ` since ${time(since)}`}`] : [];
  const facts = [countOf(routes.length, 'route'), ...accepted, ...queued, ...fails];
  return `entered as ${escapeText(endpoint.name)} in ${escapeText(server.name)}: ${facts.join('; ')}`;
};

/** For the thread of a new name's announcement: Postal has it now. */
export const enteredMessage = (
  hostname: string,
  { endpoints, atMs }: Audit,
  senders: readonly string[],
  nowMs: number,
): Message => {
  const [first] = endpoints;
  const source = sourceText({ senders, atMs }, nowMs);
  const where = first === undefined ? '' : `: ${endpointText(first, nowMs)}`;
  const more = endpoints.length > 1 ? ` … and ${countOf(endpoints.length - 1, 'more endpoint')}.` : '';
  return {
    text: `${hostname} is in Postal now${where}.${more} (${source})`,
    blocks: [section(`✅ *${escapeText(hostname)} is in Postal now*${where}.${more}`), context(source)],
  };
};

/** Several endpoints of one hostname are listed up to this many. */
const endpointsAtMost = 5;

/** What Postal has of a hostname, with source and age. */
export const inPostalText = (audit: Audit, senders: readonly string[], nowMs: number): string => {
  const source = sourceText({ senders, atMs: audit.atMs }, nowMs);
  const { endpoints } = audit;
  if (endpoints.length === 0) return `*Not in Postal*: none of its SMTP endpoints has this hostname, ${source}.`;
  const lines = endpoints.slice(0, endpointsAtMost).map((each) => `*In Postal*: ${endpointText(each, nowMs)}.`);
  const more = endpoints.length - lines.length;
  return [...lines, ...(more > 0 ? [`… and ${countOf(more, 'more endpoint')}.`] : []), `_${source}_`].join('\n');
};
