import type { RecordSet } from './record-set.ts';
import { parseTxt } from './txt-value.ts';

/** What external-dns says of a record that it manages; `owner` and `resource` are its own text, absent where they are encrypted or not given. */
export type ExternalDnsOwner = {
  readonly owner?: string;
  /** The Kubernetes object, such as `ingress/mail/gitlab`. */
  readonly resource?: string;
  /** Name of the TXT record that says so. */
  readonly recordName: string;
};

/** Record types that an ownership record may be about, as they appear in its name. */
const types: readonly string[] = ['aaaa', 'cname', 'naptr', 'srv', 'mx', 'ns', 'a'];

/** More labels than this in a prefix or suffix are not looked for. */
const longestAffixLabels = 5;

type Ownership = ExternalDnsOwner & { readonly isEncrypted: boolean };

const textOf = ({ type, values }: RecordSet): readonly string[] =>
  type !== 'TXT'
    ? []
    : values.flatMap((value) => {
        const parsed = parseTxt(value);
        return parsed.ok ? [Buffer.concat(parsed.strings).toString('utf8')] : [];
      });

/** The labels of an ownership record's value; `heritage` has to be among them. An encrypted value is base64 of at least a nonce and a tag. */
const readOwnership = (recordName: string, text: string): Ownership | undefined => {
  if (/^[A-Za-z0-9+/]{40,}={0,2}$/.test(text)) return { recordName, isEncrypted: true };
  const labels = new Map(
    text
      .replace(/^"|"$/g, '')
      .split(',')
      .map((label): [string, string] => {
        const at = label.indexOf('=');
        return [label.slice(0, Math.max(at, 0)).trim(), label.slice(at + 1).trim()];
      }),
  );
  if (labels.get('heritage') !== 'external-dns') return undefined;
  const [owner, resource] = [labels.get('external-dns/owner'), labels.get('external-dns/resource')];
  return {
    recordName,
    isEncrypted: false,
    ...(owner === undefined ? {} : { owner }),
    ...(resource === undefined ? {} : { resource }),
  };
};

/** A hostname that an ownership record may be about, and what was put before and behind its first label, record types replaced by `%`. */
type Candidate = { readonly hostname: string; readonly affix: string };

const typeWord = `(?:${types.join('|')})`;
const withoutType = (text: string): string =>
  text
    .replace(new RegExp(`(?<![a-z0-9])${typeWord}(?![a-z0-9])`, 'g'), '%')
    // Without the placeholder in the prefix, the type comes right after it: `extdns` and `a-` make `extdnsa-`.
    .replace(new RegExp(`${typeWord}-$`), '%-');

/**
 * Names of the zone that an ownership record's name can be made of. external-dns puts a prefix before the first label, or a suffix behind it; either may have
 * dots, and may hold the record type. Where neither does, `<type>-` comes before the label, or nothing in versions before 0.18.
 *
 * | setting | record of `www.corp.internal A` |
 * | --- | --- |
 * | none | `a-www.corp.internal`; up to 0.17 also `www.corp.internal` |
 * | `--txt-prefix=ext.` | `ext.a-www.corp.internal`, `ext.www.corp.internal` |
 * | `--txt-prefix=%{record_type}-ext.` | `a-ext.www.corp.internal` |
 * | `--txt-suffix=-%{record_type}` | `www-a.corp.internal` |
 * | `--txt-suffix=-ext` | `a-www-ext.corp.internal`, `www-ext.corp.internal` |
 *
 * Source: external-dns, "The TXT registry", and its registry/mapper.
 */
const candidatesFor = (recordName: string, exists: (name: string) => boolean): readonly Candidate[] => {
  const labels = recordName.split('.');
  const found: Candidate[] = [];
  const tryName = (label: string, parent: string, before: string, behind: string): void => {
    const hostname = `${label}.${parent}`;
    if (label !== '' && exists(hostname))
      found.push({ hostname, affix: `${withoutType(before)} ${withoutType(behind)}` });
  };
  for (let count = 1; count <= Math.min(longestAffixLabels, labels.length - 1); count += 1) {
    const parent = labels.slice(count).join('.');
    const last = labels[count - 1] ?? '';
    const beforeLast = labels
      .slice(0, count - 1)
      .map((label) => `${label}.`)
      .join('');
    for (let at = 0; at < last.length; at += 1) tryName(last.slice(at), parent, beforeLast + last.slice(0, at), '');
    const first = labels[0] ?? '';
    const behindFirst = labels
      .slice(1, count)
      .map((label) => `.${label}`)
      .join('');
    const typed = types.find((type) => first.startsWith(`${type}-`));
    const starts = typed === undefined ? [0] : [0, typed.length + 1];
    for (const start of starts)
      for (let end = start + 1; end <= first.length; end += 1)
        if (end < first.length || behindFirst !== '')
          tryName(first.slice(start, end), parent, first.slice(0, start), first.slice(end) + behindFirst);
  }
  return found;
};

/** An encrypted value could be anybody's, so that only the plain form of the name counts. */
const isPlainForm = ({ affix }: Candidate): boolean => affix === '% ' || affix === '%- ';

/**
 * The names of a zone that external-dns manages, by its ownership records, whatever prefix or suffix it was given: of several names that a record may be about,
 * the one whose affix explains the most records of the same owner. The registries `dynamodb` and `noop` leave nothing in the zone, so their names are not known.
 */
export const externalDnsNames = (recordSets: readonly RecordSet[]): ReadonlyMap<string, ExternalDnsOwner> => {
  const names = new Set(recordSets.filter(({ type }) => type !== 'TXT').map(({ name }) => name));
  const records = recordSets.flatMap((recordSet) => {
    const ownership = textOf(recordSet).flatMap((text) => readOwnership(recordSet.name, text) ?? [])[0];
    if (ownership === undefined) return [];
    const all = candidatesFor(recordSet.name, (name) => names.has(name));
    const candidates = ownership.isEncrypted ? all.filter(isPlainForm) : all;
    return candidates.length === 0 ? [] : [{ ownership, candidates }];
  });
  const explained = new Map<string, number>();
  const key = ({ owner = '' }: ExternalDnsOwner, affix: string): string => JSON.stringify([owner, affix]);
  for (const { ownership, candidates } of records)
    for (const affix of new Set(candidates.map((each) => each.affix)))
      explained.set(key(ownership, affix), (explained.get(key(ownership, affix)) ?? 0) + 1);
  const owners = new Map<string, ExternalDnsOwner>();
  for (const { ownership, candidates } of records) {
    const count = ({ affix }: Candidate): number => explained.get(key(ownership, affix)) ?? 0;
    const [best] = candidates.toSorted(
      (one, other) => count(other) - count(one) || one.affix.length - other.affix.length,
    );
    if (best === undefined || owners.has(best.hostname)) continue;
    const { isEncrypted: _, ...owner } = ownership;
    owners.set(best.hostname, owner);
  }
  return owners;
};
