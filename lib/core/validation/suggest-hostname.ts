import { distance } from 'fastest-levenshtein';
import { normaliseName, parseHostname } from '../endpoint/hostname.ts';
import { asciiForm, readsAsAddress } from '../endpoint/hostname-rules.ts';
import { withoutUnexpected } from '../endpoint/unexpected-character.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { withoutRepeatedZone, zoneFindings } from './zone-rules.ts';

type NamePolicy = Pick<PolicyDocument, 'zones' | 'naming'>;

/** Takes off what people paste along with a name: a scheme, a path, a port, quotes, punctuation at the end; mends dashes, underscores and dots. */
const tidy = (text: string): string => {
  const bare = withoutUnexpected(text)
    .trim()
    .replace(/^[a-z][a-z+.-]*:\/\//i, '')
    .replace(/[/?#].*$/s, '')
    .replace(/^["'`<([“”‘’]+|["'`>)\]“”‘’.,;:!]+$/g, '')
    .replace(/:\d+$/, '')
    .replace(/[\u2010-\u2015\u2212_]/g, '-');
  const ascii = /^\p{ASCII}*$/u.test(bare) ? normaliseName(bare) : (asciiForm(bare) ?? '');
  return ascii
    .split('.')
    .map((label) => label.replace(/^-+|-+$/g, ''))
    .filter((label) => label !== '')
    .join('.');
};

/** The port that is in `name:port`, `[address]:port` or a URL. */
export const portIn = (text: string): string | undefined =>
  /^(?:[a-z][a-z+.-]*:\/\/)?(?:\[[^\]]+\]|[^:/[\]]+):(\d{1,5})\/?$/i.exec(text.trim())?.[1];

/** Names inside a zone that a name outside all zones may have been meant as: its end is the zone's beginning, or the zone mistyped, or missing. */
const completions = (name: string, { zones, naming }: NamePolicy): readonly string[] => {
  const labels = name.split('.');
  if (labels.length === 1) {
    const agreed = naming?.example.split('.').slice(1).join('.');
    return [
      ...(agreed === undefined || agreed === '' ? [] : [`${name}.${agreed}`]),
      ...zones.map((zone) => `${name}.${zone.name}`),
    ];
  }
  return zones.flatMap((zone) => {
    const zoneLabels = zone.name.split('.');
    const begun = zoneLabels
      .map((_, index) => index)
      .filter(
        (count) =>
          count > 0 && labels.length > count && labels.slice(-count).join('.') === zoneLabels.slice(0, count).join('.'),
      )
      .map((count) => [...labels, ...zoneLabels.slice(count)].join('.'));
    const end = labels.slice(-zoneLabels.length).join('.');
    const mistyped = labels.length > zoneLabels.length && distance(end, zone.name) <= 2;
    return [...begun, ...(mistyped ? [[...labels.slice(0, -zoneLabels.length), zone.name].join('.')] : [])];
  });
};

const wouldBeTaken = (name: string, policy: NamePolicy): boolean =>
  'hostname' in parseHostname(name) &&
  zoneFindings(name, policy, undefined).every((finding) => finding.severity === 'warn');

/** The hostname that was most likely meant, or undefined where that is not known or more than one would do. */
export const suggestHostname = (text: string, policy: NamePolicy): string | undefined => {
  // No one types more than a name's worth of characters by a slip of the finger.
  if (text.length > 512) return undefined;
  const name = withoutRepeatedZone(tidy(text), policy.zones);
  if (name === '' || readsAsAddress(name)) return undefined;
  const candidates = zoneOf(name, policy.zones) === undefined ? completions(name, policy) : [name];
  const taken = [...new Set(candidates)].filter((candidate) => wouldBeTaken(candidate, policy));
  return taken.length === 1 ? taken[0] : undefined;
};
