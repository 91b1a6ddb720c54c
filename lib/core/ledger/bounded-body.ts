import type { RecordSet } from '../dns/record-set.ts';
import { budgets } from '../limits/limits.ts';
import { withinJsonOctets } from '../limits/octets.ts';
import type { EntryBody } from './entry.ts';

/** Sentences kept of one entry: reasons of a refusal, warnings. */
const sentencesKept = 20;
const setsKept = 20;
const valuesKept = 20;
const longestValue = 300;
/** Of a bulk; how many there were is counted beside. */
const leftOutKept = 200;

const short = (text: string): string => withinJsonOctets(text, budgets.entryText);

const shortSentences = (sentences: readonly string[]): readonly string[] => {
  const kept = sentences.slice(0, sentencesKept).map(short);
  const left = sentences.length - kept.length;
  return left === 0 ? kept : [...kept, `… (${left} more)`];
};

/** Foreign records are kept as evidence, not to be written back. */
const shortSets = (sets: readonly RecordSet[]): readonly RecordSet[] =>
  sets.slice(0, setsKept).map((set) => {
    const values = set.values.slice(0, valuesKept).map((value) => withinJsonOctets(value, longestValue));
    const left = set.values.length - values.length;
    return { ...set, values: left === 0 ? values : [...values, `… (${left} more)`] };
  });

/**
 * An entry's content with everything that people or other systems said cut to what an entry may hold, with a note of what was left out. What a digest or a
 * later change depends on (the plan, hashes, ids) is left as it is: its size follows from the rules for definitions.
 */
export const boundedBody = (body: EntryBody): EntryBody => {
  switch (body.kind) {
    case 'refused':
      return { ...body, text: withinJsonOctets(body.text, budgets.refusedText), reasons: shortSentences(body.reasons) };
    case 'requested':
      return { ...body, text: short(body.text), warnings: shortSentences(body.warnings) };
    case 'rejected':
    case 'failed':
      return { ...body, reason: short(body.reason) };
    case 'conflict':
      return { ...body, reason: short(body.reason), found: shortSets(body.found) };
    case 'applied':
      return body.notPermitted === undefined ? body : { ...body, notPermitted: short(body.notPermitted) };
    case 'tried':
    case 'unmuted':
      return { ...body, text: short(body.text) };
    case 'acknowledged':
      return { ...body, text: short(body.text), title: withinJsonOctets(body.title, longestValue) };
    case 'muted':
      return { ...body, text: short(body.text), reason: body.reason === null ? null : short(body.reason) };
    case 'approved':
    case 'cancelled':
    case 'expired':
    case 'applying':
    case 'announced':
    case 'bulk-closed':
      return body;
    case 'bulk-plans':
      return { ...body, parts: body.parts.map((part) => ({ ...part, warnings: shortSentences(part.warnings) })) };
    case 'bulk-requested':
      return {
        ...body,
        text: short(body.text),
        title: withinJsonOctets(body.title, longestValue),
        ...(body.remarks === undefined ? {} : { remarks: shortSentences(body.remarks) }),
        leftOut: body.leftOut.slice(0, leftOutKept).map(({ what, reason }) => ({
          what: withinJsonOctets(what, longestValue),
          reason: withinJsonOctets(reason, longestValue),
        })),
      };
    case 'bulk-settled':
      return {
        ...body,
        outcomes: body.outcomes.map((outcome) =>
          outcome.reason === undefined
            ? outcome
            : { ...outcome, reason: withinJsonOctets(outcome.reason, longestValue) },
        ),
      };
  }
};
