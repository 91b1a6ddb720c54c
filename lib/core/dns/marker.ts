import { digestOf } from '../base/digest.ts';
import { type Definition, type SslMode, sslModes } from '../endpoint/definition.ts';
import { parseHostname } from '../endpoint/hostname.ts';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { targetTexts } from '../endpoint/targets.ts';
import { formatTxt, parseTxt } from './txt-value.ts';

/** The label below which the marker of a name lies. */
const markerLabel = '_postal-endpoint';

/** The name of the TXT record beside a hostname and proves that the hostname is ours. */
export const markerName = (hostname: string): string => `${markerLabel}.${hostname}`;

/** What a marker says: enough to prove ownership, to tell which change landed, and to rebuild the registry but for names and notes. */
export type Marker = {
  readonly version: 1;
  /** Counts the changes of the hostname, from 1. */
  readonly generation: number;
  readonly changeId: string;
  readonly port: number;
  readonly sslMode: SslMode;
  readonly standby?: readonly string[];
  /** `definitionDigest` of the definition. */
  readonly digest: string;
};

export type ParsedMarker =
  | { readonly ok: true; readonly marker: Marker }
  | {
      readonly ok: false;
      readonly reason: 'absent' | 'several-values' | 'not-a-marker' | 'unknown-version' | 'malformed';
    };

/** SHA-256, lower-case hex, over the RFC 8785 JSON of a definition. Addresses are a set in DNS, so their order does not count. */
export const definitionDigest = (definition: Definition): string => {
  const asSet = (targets: Definition['targets']): Definition['targets'] =>
    targets.kind === 'cname' ? targets : { kind: 'addresses', addresses: [...targets.addresses].sort() };
  const { targets, standby, ...rest } = definition;
  return digestOf({ ...rest, targets: asSet(targets), ...(standby === undefined ? {} : { standby: asSet(standby) }) });
};

/** The marker of a definition as a change is to leave it. */
export const markerOf = (
  definition: Definition,
  change: { readonly changeId: string; readonly generation: number },
): Marker => ({
  version: 1,
  generation: change.generation,
  changeId: change.changeId,
  port: definition.port,
  sslMode: definition.sslMode,
  ...(definition.standby === undefined ? {} : { standby: targetTexts(definition.standby) }),
  digest: definitionDigest(definition),
});

/**
 * The values of a marker's TXT record set in Route 53's presentation format: one value of one or more character-strings.
 * @example formatMarker(marker) // ['"v=1 generation=1 change=01JD… port=25 ssl-mode=Auto digest=7f3a9c…"']
 */
export const formatMarker = (marker: Marker): string[] => {
  const fields = [
    `v=${marker.version}`,
    `generation=${marker.generation}`,
    `change=${marker.changeId}`,
    `port=${marker.port}`,
    `ssl-mode=${marker.sslMode}`,
    ...(marker.standby === undefined ? [] : [`standby=${marker.standby.join(',')}`]),
    `digest=${marker.digest}`,
  ];
  const values = [formatTxt(fields.join(' '))];
  const parsed = parseMarker(values);
  if (!parsed.ok) throw new RangeError(`a marker that could not be read back (${parsed.reason}): ${values.join(' ')}`);
  return values;
};

const integer = (text: string | undefined, maximum: number): number | undefined =>
  text !== undefined && /^[1-9]\d{0,15}$/.test(text) && Number(text) <= maximum ? Number(text) : undefined;

const matching = (text: string | undefined, pattern: RegExp): string | undefined =>
  text !== undefined && pattern.test(text) ? text : undefined;

const isTarget = (text: string): boolean => parseIpAddress(text)?.text === text || 'hostname' in parseHostname(text);

const knownFields: ReadonlySet<string> = new Set([
  'v',
  'generation',
  'change',
  'port',
  'ssl-mode',
  'standby',
  'digest',
]);

/** Reads the values of a TXT record set at a marker's name. Anything that `formatMarker` would not write is refused with a reason. */
export const parseMarker = (values: readonly string[]): ParsedMarker => {
  const [value, ...others] = values;
  if (value === undefined) return { ok: false, reason: 'absent' };
  if (others.length > 0) return { ok: false, reason: 'several-values' };
  const txt = parseTxt(value);
  if (!txt.ok) return { ok: false, reason: 'not-a-marker' };
  const words = Buffer.concat(txt.strings).toString('latin1').split(' ');
  const version = /^v=(\d{1,9})$/.exec(words[0] ?? '')?.[1];
  if (version === undefined) return { ok: false, reason: 'not-a-marker' };
  if (version !== '1') return { ok: false, reason: 'unknown-version' };

  const fields = new Map(
    words.map((word) => [word.slice(0, Math.max(word.indexOf('='), 0)), word.slice(word.indexOf('=') + 1)]),
  );
  const generation = integer(fields.get('generation'), Number.MAX_SAFE_INTEGER);
  const changeId = matching(fields.get('change'), /^[\w-]{1,64}$/);
  const port = integer(fields.get('port'), 65_535);
  const sslMode = sslModes.find((mode) => mode === fields.get('ssl-mode'));
  const digest = matching(fields.get('digest'), /^[\da-f]{64}$/);
  const standby = fields.get('standby')?.split(',');
  const wellFormed =
    fields.size === words.length &&
    [...fields.keys()].every((key) => knownFields.has(key)) &&
    (standby ?? []).every(isTarget);
  if (
    !wellFormed ||
    generation === undefined ||
    changeId === undefined ||
    port === undefined ||
    sslMode === undefined ||
    digest === undefined
  ) {
    return { ok: false, reason: 'malformed' };
  }
  return {
    ok: true,
    marker: { version: 1, generation, changeId, port, sslMode, ...(standby === undefined ? {} : { standby }), digest },
  };
};
