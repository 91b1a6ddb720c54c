import { classify } from '../replies/classify.ts';
import { type FoundReply, findReplies } from '../replies/find-replies.ts';
import { normalise } from '../replies/normalise.ts';
import type { ReplyPhase } from '../replies/reply-code.ts';
import { gap, quoted, type Squeezed, squeeze } from '../replies/squeezed.ts';
import { retryHintSeconds } from '../retry-hint.ts';
import { adviceOn } from './advice.ts';
import type { ExplainedItem, Explanation, NamedEndpoint } from './explanation.ts';
import { fateOf, whatPostalDoes } from './fate.ts';
import { endpointOf, readNames, readPort } from './read-endpoint.ts';
import type { OutcomeCode, SignatureCode } from './signature-code.ts';
import { type Signature, signatures } from './signatures.ts';
import { phaseOf, stagesOf } from './stages.ts';

/** One thing found in the text, before it is put together with the others. */
type Found = {
  readonly kind: Signature['kind'] | 'reply';
  readonly code: SignatureCode;
  readonly start: number;
  readonly end: number;
  readonly endpoint: NamedEndpoint;
  readonly hostnames: readonly string[];
  readonly recipientDomain?: string;
  readonly reply?: FoundReply;
};

type FoundOutcome = Found & { readonly code: OutcomeCode };

const foundBy = ({ kind, code, then }: Signature, squeezed: Squeezed, match: RegExpExecArray): Found => {
  const start = match.index;
  const end = start + match[0].length;
  const groups = match.groups ?? {};
  const port = then === 'port' && groups['ip'] !== undefined ? readPort(squeezed, end) : undefined;
  const names = then === 'names' ? readNames(squeezed, end) : undefined;
  const first = names?.value[0];
  const endpoint = endpointOf(groups);
  const { domain } = groups;
  return {
    kind,
    code,
    start,
    end: port?.next ?? names?.next ?? end,
    endpoint: {
      ...endpoint,
      ...(port?.value === undefined ? {} : { port: port.value }),
      ...(first === undefined ? {} : { hostname: first }),
    },
    hostnames: [...(names?.value ?? []), ...(endpoint.hostname === undefined ? [] : [endpoint.hostname])],
    ...(domain === undefined ? {} : { recipientDomain: domain }),
  };
};

/** Everything recognised, in the order of the text; no two overlap. */
const findAll = (squeezed: Squeezed): readonly Found[] => {
  const { text } = squeezed;
  const taken = new Uint8Array(text.length + 1);
  const isTaken = (at: number): boolean => taken[at] === 1;
  const found: Found[] = [];
  // Words of another protocol stand where a server's answer stands; elsewhere they are a name, or somebody else's.
  const mayAnswer = (at: number): boolean =>
    at === 0 || squeezed.gaps[at] === gap.lineEnd || isTaken(at - 1) || /[",(]/.test(text.charAt(at - 1));
  for (const signature of signatures) {
    const { pattern } = signature;
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      if (taken.subarray(match.index, match.index + match[0].length).includes(1)) {
        // What is left behind the taken part may still say it: `Net::OpenTimeout: execution expired` behind a class that is taken.
        pattern.lastIndex = match.index + 1;
        continue;
      }
      if (signature.code === 'reply-wrong-protocol' && !mayAnswer(match.index)) continue;
      const one = foundBy(signature, squeezed, match);
      taken.fill(1, one.start, one.end);
      found.push(one);
    }
  }
  const follows = (at: number): boolean => isTaken(at - 1) || (text.charAt(at - 1) === ',' && isTaken(at - 2));
  // What a server says may read like a fault of Postal's: only one that begins a line, or a part of one, ends the server's words.
  const ends = new Uint8Array(taken);
  for (const { kind, start, end } of found) {
    const begins = start === 0 || text.charAt(start - 1) === ',' || squeezed.gaps[start] === gap.lineEnd;
    if (kind === 'fault' && !begins) ends.fill(0, start, end);
  }
  for (const reply of findReplies(squeezed, { isTaken, endsWords: (at) => ends[at] === 1, follows })) {
    const { start, end } = reply;
    // What it means depends on when it was said.
    found.push({ kind: 'reply', code: 'reply-permanent', start, end, endpoint: {}, hostnames: [], reply });
  }
  return found.sort((one, other) => one.start - other.start);
};

const isOutcome = (found: Found): found is FoundOutcome => found.kind === 'outcome';

/** The outcome that each thing belongs to: the last before it, for output follows details; before any, the first. */
const withOutcomes = (
  found: readonly Found[],
): readonly { readonly found: Found; readonly outcome: FoundOutcome | undefined }[] => {
  let outcome = found.find(isOutcome);
  return found.map((one) => {
    if (isOutcome(one)) outcome = one;
    return { found: one, outcome };
  });
};

/** One thing with what it belongs to, and how far Postal had come. */
type Placed = {
  readonly found: Found;
  readonly outcome: FoundOutcome | undefined;
  readonly phase: ReplyPhase | undefined;
};

/** `could not get 3xx (` and the reply to DATA in the brackets. */
const isDataRefusal = (one: Found | undefined, next: Found | undefined): boolean =>
  one?.code === 'data-refused' && next?.kind === 'reply' && next.start === one.end;

/** Everything with its outcome and phase, and with the meaning of each reply. */
const placed = (found: readonly Found[]): readonly Placed[] =>
  withOutcomes(found).map(({ found: one, outcome }, index) => {
    const phase = isDataRefusal(found[index - 1], one) ? 'data' : outcome && phaseOf(outcome.code);
    const meant = one.reply === undefined ? one : { ...one, code: classify(one.reply, phase) };
    return { found: meant, outcome, phase };
  });

/** What a server says inside a refusal is the server's: `451 4.4.1 Connection timed out` is no timeout of Postal's. */
const isServersOwn = (
  one: Found,
  before: Found | undefined,
  outcome: FoundOutcome | undefined,
  { text, gaps }: Squeezed,
): boolean =>
  one.kind === 'fault' &&
  before?.kind === 'reply' &&
  before.end >= one.start &&
  (before.end > one.start ||
    outcome?.code === 'temporary' ||
    outcome?.code === 'permanent' ||
    (text.charAt(one.start - 1) !== ',' && gaps[one.start] !== gap.lineEnd));

const merged = (one: NamedEndpoint, other: NamedEndpoint): NamedEndpoint => {
  const elsewhere =
    (one.ip !== undefined && other.ip !== undefined && one.ip !== other.ip) ||
    (one.port !== undefined && other.port !== undefined && one.port !== other.port);
  return elsewhere
    ? { ...(other.hostname === undefined ? {} : { hostname: other.hostname }), ...one }
    : { ...other, ...one };
};

const itemOf = ({ found: one, outcome, phase }: Placed, squeezed: Squeezed): ExplainedItem => {
  const bound = outcome === one ? undefined : outcome;
  const endpoint = bound === undefined ? one.endpoint : merged(one.endpoint, bound.endpoint);
  const recipientDomain = one.recipientDomain ?? bound?.recipientDomain;
  const stages = stagesOf(one.code, phase, one.reply);
  const fate = fateOf(one.code, bound?.code, one.reply, stages);
  const hint = one.reply === undefined ? undefined : (retryHintSeconds(one.reply.words) ?? undefined);
  return {
    code: one.code,
    stages,
    fate,
    ...adviceOn(one.code, { endpoint, recipientDomain, stages, status: one.reply?.status }),
    postal: whatPostalDoes(one.code, bound?.code, fate, phase, hint),
    endpoint,
    ...(recipientDomain === undefined ? {} : { recipientDomain }),
    quote: quoted(squeezed, one.start, one.end),
  };
};

const compatible = (one: NamedEndpoint, other: NamedEndpoint): boolean =>
  (['ip', 'port', 'hostname'] as const).every(
    (key) => one[key] === undefined || other[key] === undefined || one[key] === other[key],
  );

/** What makes two findings the same thing said twice. */
const sameness = ({ code, quote }: ExplainedItem, one: Found): string =>
  one.kind === 'reply' ? `${code} ${quote.replace(/\s/g, '')}` : code;

const itemsOf = (
  squeezed: Squeezed,
): { readonly items: readonly ExplainedItem[]; readonly hostnames: readonly string[] } => {
  const all = placed(findAll(squeezed));
  const relevant = all.filter(
    ({ found, outcome }, index) => !isServersOwn(found, all[index - 1]?.found, outcome, squeezed),
  );
  const explained = new Set(
    relevant
      .filter(
        ({ found, outcome }) =>
          found.kind === 'fault' ||
          (found.kind === 'reply' && (found.code !== 'reply-accepted' || outcome?.code === 'accepted')),
      )
      .map(({ outcome }) => outcome),
  );
  const saysOutcome = relevant.some(({ found }) => found.kind !== 'note');
  const isWorthAnItem = ({ found, outcome }: Placed, index: number): boolean => {
    if (found.kind === 'note') return !saysOutcome;
    if (found.code === 'reply-accepted')
      return outcome === undefined
        ? /queued|accepted|delivered/i.test(found.reply?.words ?? '')
        : outcome.code === 'accepted';
    if (isDataRefusal(found, relevant[index + 1]?.found)) return false;
    return found !== outcome || !explained.has(outcome);
  };
  const groups = new Map<string, ExplainedItem[]>();
  const items: ExplainedItem[] = [];
  for (const one of relevant.filter(isWorthAnItem)) {
    const item = itemOf(one, squeezed);
    const key = sameness(item, one.found);
    const same = groups.get(key) ?? [];
    if (same.some((other) => compatible(other.endpoint, item.endpoint))) continue;
    groups.set(key, [...same, item]);
    items.push(item);
  }
  return { items, hostnames: [...new Set(relevant.flatMap(({ found }) => found.hostnames))] };
};

const nothingKnown: Explanation = {
  recognised: false,
  lookedFor: [
    'the details of a delivery in Postal’s web UI: “No SMTP servers were available …”, “Temporary …” or “Permanent SMTP delivery error …”, “Message for … accepted by …”',
    'the technical details under them: “Connection refused …”, “execution expired”, “Net::ReadTimeout”, “SSL_connect …”, “end of file reached”',
    'replies of mail servers, such as “450 4.2.0 …” or “550 5.1.1 …”',
    'the log of Postal’s worker: “Cannot connect to …”, “Net::SMTPFatalError: …”',
  ],
  example:
    'No SMTP servers were available for example.com. Tried gitlab.mail.corp.internal. Connection refused - connect(2) for "10.0.4.12" port 25',
};

/**
 * Says what a text of Postal's means: whole or in part, wrapped anywhere, several errors at once. Pure and total; linear in the text's length. What it
 * does not recognise it does not guess.
 * @example explain('Net::ReadTimeout with #<TCPSocket:(closed)>') // stages banner to end-of-data: the text alone does not tell which
 */
export const explain = (text: string): Explanation => {
  const { items, hostnames } = itemsOf(squeeze(normalise(text)));
  const [first, ...others] = items;
  return first === undefined ? nothingKnown : { recognised: true, items: [first, ...others], hostnames };
};
