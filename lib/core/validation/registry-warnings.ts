import type { Mistake } from '../base/config-error.ts';
import type { Finding } from '../endpoint/finding.ts';
import { normaliseName, parseHostname } from '../endpoint/hostname.ts';
import type { RegistryRow } from '../endpoint/registry-row.ts';
import { readTarget } from '../endpoint/target-text.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { outsideProblem } from './cname-rules.ts';
import { checkPort } from './port-rules.ts';
import { checkTargets } from './target-rules.ts';
import { checkTtl } from './ttl-rules.ts';
import { zoneFindings } from './zone-rules.ts';

const namesAtMost = 3;

const outsideFinding = (text: string, policy: PolicyDocument): readonly Finding[] => {
  const target = readTarget(text);
  const problem = target.kind === 'name' ? outsideProblem(target.name, policy) : undefined;
  return problem === undefined ? [] : [{ ...problem, argument: 'target' }];
};

const findingsOf = (row: RegistryRow, policy: PolicyDocument): readonly Finding[] => {
  const parsed = parseHostname(row.hostname);
  const hostname = 'hostname' in parsed ? parsed.hostname : undefined;
  return [
    ...zoneFindings(normaliseName(row.hostname), policy, undefined),
    ...checkTargets(row.targets, 'target', hostname, policy).findings,
    ...(row.standby.length === 0 ? [] : checkTargets(row.standby, 'standby', hostname, policy).findings),
    ...[...row.targets, ...row.standby].flatMap((text) => outsideFinding(text, policy)),
    ...checkPort(String(row.port), policy).findings,
    ...checkTtl(String(row.ttl), policy).findings,
  ].filter(({ severity }) => severity === 'block');
};

/** Where in a policy what it no longer allows is decided. */
const settingOf = ({ id }: Finding): string => {
  switch (id) {
    case 'port-allowed':
      return 'ports';
    case 'target-outside-cidrs':
    case 'target-not-routable':
      return 'cidrs';
    case 'cname-outside':
      return 'cnameSuffixes';
    case 'ttl-range':
      return 'ttl';
    case 'naming-convention':
      return 'naming';
    default:
      return 'zones';
  }
};

const effectOf = (setting: string): string => {
  switch (setting) {
    case 'ports':
    case 'cidrs':
      return 'nothing probes them, so nobody is alerted about them';
    case 'zones':
      return 'they can no longer be changed';
    default:
      return 'they can only be changed to something that the policy allows';
  }
};

/** What is registered and would not be allowed by this policy, one warning for each setting that leaves it out. */
export const registryWarnings = (registry: readonly RegistryRow[], policy: PolicyDocument): readonly Mistake[] => {
  const found = registry.flatMap((row) =>
    findingsOf(row, policy).map((finding) => ({ hostname: row.hostname, finding })),
  );
  return [...Map.groupBy(found, ({ finding }) => settingOf(finding))].map(([path, cases]) => {
    const names = [...new Set(cases.map(({ hostname }) => hostname))];
    const shown = names.slice(0, namesAtMost).join(', ');
    const more = names.length > namesAtMost ? ` and ${names.length - namesAtMost} more` : '';
    const example = cases[0]?.finding.wrong ?? '';
    const message = `${names.length} of ${registry.length} registered hostnames would be left out (${shown}${more}): ${effectOf(path)}. ${example}`;
    return { path, message };
  });
};
