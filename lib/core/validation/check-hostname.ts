import { markerName } from '../dns/marker.ts';
import type { Finding } from '../endpoint/finding.ts';
import { type Hostname, normaliseName, parseHostname } from '../endpoint/hostname.ts';
import { asciiForm, hostnameFindings, longestName } from '../endpoint/hostname-rules.ts';
import { printable } from '../endpoint/printable.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { suggestHostname } from './suggest-hostname.ts';
import { exampleHostname, zoneFindings } from './zone-rules.ts';

const longestRegistered = longestName - markerName('').length;

export type HostnameCheck = {
  /** Present when nothing blocks. */
  readonly hostname: Hostname | undefined;
  readonly findings: readonly Finding[];
  /** What was most likely meant, where a finding blocks and that is known. */
  readonly suggestion: string | undefined;
};

/**
 * Every rule of a hostname that needs nothing but policy: for a name to register, to check or to look up.
 * `hint` is a better idea of what was meant than the text itself gives.
 */
export const checkHostname = (
  text: string,
  policy: Pick<PolicyDocument, 'zones' | 'naming'>,
  hint?: string,
): HostnameCheck => {
  const name = normaliseName(text);
  const suggestion = suggestHostname(text, policy) ?? hint;
  const syntax = hostnameFindings(name, {
    maximumOctets: longestRegistered,
    because: `, for its marker ${markerName('…')} must fit into ${longestName} too`,
    suggestion,
    example: exampleHostname(policy),
  });
  const placeable = name !== '' && !syntax.some((finding) => finding.id === 'hostname-is-ip');
  const place = placeable ? zoneFindings(asciiForm(name) ?? name, policy, suggestion) : [];
  const findings: readonly Finding[] = [
    ...syntax,
    // A malformed name is not also told what it should be called, nor where it should lie when it is known what was meant.
    ...place.filter(
      ({ id }) =>
        syntax.length === 0 || (id !== 'naming-convention' && !(id === 'outside-zones' && suggestion !== undefined)),
    ),
    ...(/[A-Z]/.test(text) && placeable
      ? [
          {
            id: 'hostname-case',
            severity: 'warn',
            argument: 'hostname',
            wrong: `${printable(text)} has capital letters; Postal cannot save them.`,
            right: `It is taken as ${printable(name)}.`,
          } as const,
        ]
      : []),
  ];
  const parsed = findings.some((finding) => finding.severity === 'block') ? undefined : parseHostname(text);
  return parsed !== undefined && 'hostname' in parsed
    ? { hostname: parsed.hostname, findings, suggestion: undefined }
    : { hostname: undefined, findings, suggestion };
};
