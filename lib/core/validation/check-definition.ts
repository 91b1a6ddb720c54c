import type { Definition, DefinitionInput } from '../endpoint/definition.ts';
import type { Finding } from '../endpoint/finding.ts';
import type { Policy } from '../policy/policy.ts';
import type { PostalProfile } from '../postal/profile.ts';
import { checkHostname } from './check-hostname.ts';
import { correctDefinition, hostnameHint } from './correct-definition.ts';
import { deliveryFindings } from './delivery-rules.ts';
import { checkPort } from './port-rules.ts';
import { checkSslMode, sslModeWarnings } from './ssl-mode-rules.ts';
import { checkTargets } from './target-rules.ts';
import { checkText } from './text-rules.ts';
import { checkTtl } from './ttl-rules.ts';

const overlapFindings = (targets: readonly string[], standby: readonly string[]): readonly Finding[] =>
  [...new Set(standby)]
    .filter((text) => targets.includes(text))
    .map((text) => ({
      id: 'standby-overlap',
      severity: 'block',
      argument: 'standby',
      wrong: `${text} is a target and its own standby; there would be nothing to fail over to.`,
      right: 'Give another address, or no standby.',
    }));

const judge = (
  input: DefinitionInput,
  policy: Policy,
  profile: PostalProfile,
): { readonly definition: Definition | undefined; readonly findings: readonly Finding[] } => {
  const { hostname, findings: hostnameFindings } = checkHostname(input.hostname, policy, hostnameHint(input, policy));
  const { targets, texts, findings: targetFindings } = checkTargets(input.targets, 'target', hostname, policy);
  const wantsStandby = input.standby !== undefined && input.standby.length > 0;
  const {
    targets: standby,
    texts: standbyTexts,
    findings: standbyFindings,
  } = wantsStandby
    ? checkTargets(input.standby, 'standby', hostname, policy)
    : { targets: undefined, texts: [], findings: [] };
  const { port, findings: portFindings } = checkPort(input.port, policy);
  const { sslMode, findings: sslModeFindings } = checkSslMode(input.sslMode);
  const { ttlSeconds, findings: ttlFindings } = checkTtl(input.ttl, policy);
  const name = checkText(input.name, 'name');
  const owner = checkText(input.owner, 'owner');
  const note = checkText(input.note, 'note');

  const findings: readonly Finding[] = [
    ...hostnameFindings,
    ...targetFindings,
    ...(targets === undefined ? [] : deliveryFindings(targets, 'target', port, profile)),
    ...standbyFindings,
    ...overlapFindings(texts, standbyTexts),
    ...(standby === undefined ? [] : deliveryFindings(standby, 'standby', port, profile)),
    ...portFindings,
    ...sslModeFindings,
    ...(sslMode === undefined ? [] : sslModeWarnings(sslMode, port, profile)),
    ...ttlFindings,
    ...name.findings,
    ...owner.findings,
    ...note.findings,
  ];
  const blocked = findings.some((finding) => finding.severity === 'block');
  if (
    blocked ||
    hostname === undefined ||
    targets === undefined ||
    port === undefined ||
    sslMode === undefined ||
    ttlSeconds === undefined
  ) {
    return { definition: undefined, findings };
  }
  const definition: Definition = {
    hostname,
    targets,
    ...(standby === undefined ? {} : { standby }),
    port,
    sslMode,
    ttlSeconds,
    ...(name.text === undefined ? {} : { name: name.text }),
    ...(owner.text === undefined ? {} : { owner: owner.text }),
    ...(note.text === undefined ? {} : { note: note.text }),
  };
  return { definition, findings };
};

export type DefinitionCheck = {
  /** Present when nothing blocks. */
  readonly definition: Definition | undefined;
  /** Every finding, in the order of the arguments. */
  readonly findings: readonly Finding[];
  /** A refused input put right as a whole, where that can be known; it is itself not refused. */
  readonly corrected: DefinitionInput | undefined;
};

/** Checks a definition by every rule that needs nothing but policy and profile. Never throws. */
export const checkDefinition = (input: DefinitionInput, policy: Policy, profile: PostalProfile): DefinitionCheck => {
  const { definition, findings } = judge(input, policy, profile);
  if (definition !== undefined) return { definition, findings, corrected: undefined };
  const corrected = correctDefinition(input, policy);
  return {
    definition,
    findings,
    corrected: judge(corrected, policy, profile).definition === undefined ? undefined : corrected,
  };
};
