import type { ImportCode, ImportMistake } from '../answer.ts';
import { quoted } from '../one-line.ts';
import { type ZoneEntry, type ZoneToken, zoneEntries } from './zone-entries.ts';
import { generatedNumbers, generatedText, mostGenerated } from './zone-generate.ts';
import { readZoneName, type ZoneName } from './zone-name.ts';
import { readZoneTtl } from './zone-ttl.ts';
import { countText, isCount } from './zone-types.ts';
import { mistakeAt, readWords, textOf } from './zone-words.ts';

/** The owner of records, and where it is written. */
export type ZoneOwner = { readonly name: ZoneName; readonly line: number; readonly column: number };

/** A record as a zone file has it, its owner absolute. */
export type ZoneRecord = {
  readonly kind: 'record';
  readonly line: number;
  readonly owner: ZoneOwner;
  readonly type: string;
  /** Seconds; `null` where the file does not say. */
  readonly ttl: number | null;
  readonly values: readonly ZoneToken[];
  /** Of relative names among the values. */
  readonly origin: ZoneName;
};

/** A line that is no record; `owner` where it is known whose record it would have been. */
export type ZoneMistake = {
  readonly kind: 'mistake';
  readonly mistake: ImportMistake;
  readonly owner?: ZoneOwner;
  readonly type?: string;
};

/** What the lines before say about those that follow. */
type Context = {
  origin: ZoneName;
  owner: ZoneOwner | undefined;
  /** Of `$TTL`, or the SOA's minimum. */
  defaultTtl: number | undefined;
  /** The last one that a record had itself. */
  lastTtl: number | undefined;
  /** Records that `$GENERATE` has made. */
  generated: number;
};

/** Whether values are an opaque RDATA (RFC 3597): `\# 4 0A00040C`. */
const isOpaque = ([first]: readonly ZoneToken[]): boolean => first?.text === '\\#';

/** A record of what stands after its owner; it tells the context its TTL. */
const readRecord = (
  entry: Pick<ZoneEntry, 'line' | 'isIndented' | 'tokens' | 'problem'>,
  owner: ZoneOwner,
  after: readonly ZoneToken[],
  context: Context,
): ZoneRecord | ZoneMistake => {
  const words = readWords(entry, after);
  if ('code' in words) return { kind: 'mistake', mistake: words, owner };
  const { type, ttl, values } = words;
  if (ttl !== undefined) context.lastTtl = ttl;
  if (type === 'SOA' && ttl === undefined && context.defaultTtl === undefined && context.lastTtl === undefined)
    context.defaultTtl = readZoneTtl(textOf(values[6]));
  if (!isOpaque(values) && !isCount(type, values.length)) {
    const message = `${values.length === 0 ? 'It has no value' : `It has ${values.length} values`}; a record of type ${type} has ${countText(type)}.`;
    return { kind: 'mistake', mistake: mistakeAt(entry, message), owner, type };
  }
  return {
    kind: 'record',
    line: entry.line,
    owner,
    type,
    ttl: ttl ?? context.defaultTtl ?? context.lastTtl ?? null,
    values,
    origin: context.origin,
  };
};

function* generate(entry: ZoneEntry, context: Context): Generator<ZoneRecord | ZoneMistake> {
  const [, range, pattern, ...after] = entry.tokens;
  const refused = (message: string): ZoneMistake => ({
    kind: 'mistake',
    mistake: mistakeAt(entry, `$GENERATE: ${message}`, { code: 'generate-refused' }),
  });
  const value = after.at(-1);
  if (range === undefined || pattern === undefined || value === undefined) {
    yield {
      kind: 'mistake',
      mistake: mistakeAt(entry, 'It has too few values. Write it as in: $GENERATE 1-4 mx$ A 10.0.4.$'),
    };
    return;
  }
  const numbers = generatedNumbers(range.text);
  if (typeof numbers === 'string') {
    yield refused(numbers);
    return;
  }
  context.generated += numbers.length;
  if (context.generated > mostGenerated) {
    yield refused(`The file makes more than ${mostGenerated} records in this way.`);
    return;
  }
  for (const number of numbers) {
    const ownerText = generatedText(pattern.text, number);
    const valueText = generatedText(value.text, number);
    const name = ownerText === undefined ? undefined : readZoneName(ownerText, context.origin);
    if (valueText === undefined || name === undefined || typeof name === 'string') {
      yield refused(`A name or value that it makes is malformed${typeof name === 'string' ? `: it ${name}` : ''}.`);
      return;
    }
    const [made] = zoneEntries(valueText);
    const values = (made?.tokens ?? []).map((token) => ({ ...token, line: value.line, column: value.column }));
    const owner = { name, line: pattern.line, column: pattern.column };
    yield readRecord(entry, owner, [...after.slice(0, -1), ...values], context);
  }
}

/** Carries out a line that begins with `$`. */
function* direct(entry: ZoneEntry, context: Context): Generator<ZoneRecord | ZoneMistake> {
  const [directive, value, ...more] = entry.tokens;
  const wrong = (message: string, code: ImportCode = 'zone-syntax'): ZoneMistake => ({
    kind: 'mistake',
    mistake: mistakeAt(entry, message, { code }),
  });
  switch (textOf(directive).toUpperCase()) {
    case '$ORIGIN': {
      const name =
        value === undefined || more.length > 0 ? 'has to be one name' : readZoneName(value.text, context.origin);
      if (typeof name === 'string') yield wrong(`$ORIGIN ${name}. Write it as in: $ORIGIN corp.internal.`);
      else context.origin = name;
      break;
    }
    case '$TTL': {
      const ttl = more.length > 0 ? undefined : readZoneTtl(textOf(value));
      if (ttl === undefined)
        yield wrong(`$TTL has to be 0 to 2147483647 seconds. Write it as in: $TTL 60`, 'ttl-range');
      else context.defaultTtl = ttl;
      break;
    }
    case '$INCLUDE':
      yield wrong(
        `$INCLUDE: other files are not read. Import ${quoted(textOf(value))} by itself, or give the whole zone, as named-compilezone writes it.`,
        'include-refused',
      );
      break;
    case '$GENERATE':
      yield* generate(entry, context);
      break;
    case '$DATE':
      break;
    default:
      yield wrong(`${quoted(textOf(directive))} is not a directive of zone files.`);
  }
}

const ownerOf = (entry: ZoneEntry, context: Context): ZoneOwner | ImportMistake => {
  const [token] = entry.tokens;
  if (token === undefined) return mistakeAt(entry, entry.problem ?? 'It is empty.');
  if (entry.isIndented)
    return (
      context.owner ??
      mistakeAt(entry, 'It begins with white space, but there is no record before whose owner it could have.')
    );
  const name = readZoneName(token.text, context.origin);
  return typeof name === 'string'
    ? mistakeAt(token, `The name ${quoted(token.text)} ${name}.`, { column: token.column })
    : { name, line: token.line, column: token.column };
};

/** Every record and every mistake of a zone file, in its order, `$GENERATE` carried out. */
export function* zoneRecords(text: string, zone: ZoneName): Generator<ZoneRecord | ZoneMistake> {
  const context: Context = { origin: zone, owner: undefined, defaultTtl: undefined, lastTtl: undefined, generated: 0 };
  for (const entry of zoneEntries(text)) {
    const [token] = entry.tokens;
    if (!entry.isIndented && token?.isQuoted === false && token.text.startsWith('$') && entry.problem === undefined) {
      yield* direct(entry, context);
      continue;
    }
    const owner = ownerOf(entry, context);
    if ('code' in owner) {
      yield { kind: 'mistake', mistake: owner };
      context.owner = undefined;
    } else {
      context.owner = owner;
      if (entry.problem !== undefined) yield { kind: 'mistake', mistake: mistakeAt(entry, entry.problem), owner };
      else yield readRecord(entry, owner, entry.isIndented ? entry.tokens : entry.tokens.slice(1), context);
    }
  }
}
