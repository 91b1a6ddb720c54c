import type { DefinitionInput } from '../endpoint/definition.ts';
import { readsAsAddress } from '../endpoint/hostname-rules.ts';
import { readTarget } from '../endpoint/target-text.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { checkHostname } from './check-hostname.ts';
import { checkPort, suggestPort } from './port-rules.ts';
import { checkSslMode, suggestSslMode } from './ssl-mode-rules.ts';
import { portIn, suggestHostname } from './suggest-hostname.ts';
import { checkText, suggestText } from './text-rules.ts';
import { checkTtl, suggestTtl } from './ttl-rules.ts';
import { exampleHostname } from './zone-rules.ts';

type DefinitionPolicy = Pick<PolicyDocument, 'zones' | 'naming' | 'ports' | 'ttl'>;

/** Hostname and target the wrong way round: an address to register, and one name as its target. */
const swapped = (input: DefinitionInput, policy: DefinitionPolicy): DefinitionInput | undefined => {
  const [name, ...others] = input.targets;
  if (
    name === undefined ||
    others.length > 0 ||
    !readsAsAddress(input.hostname) ||
    readTarget(input.hostname).kind !== 'address'
  )
    return undefined;
  const hostname = suggestHostname(name, policy);
  return hostname === undefined ? undefined : { ...input, hostname, targets: [input.hostname] };
};

/** The hostname with this first label: where the policy's example of a name is, else in its only zone. */
export const hostnameOfLabel = (
  label: string,
  policy: Pick<DefinitionPolicy, 'zones' | 'naming'>,
): string | undefined =>
  suggestHostname(label, policy) ??
  suggestHostname([label, ...exampleHostname(policy).split('.').slice(1)].join('.'), policy);

/** A hostname made of the name in Postal's web UI: `GitLab` becomes `gitlab.mail.corp.internal` where names look like that. */
const namedAfter = (name: string | undefined, policy: DefinitionPolicy): string | undefined => {
  const label = name
    ?.trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');
  return label === undefined || !/^[a-z][a-z0-9-]*$/.test(label) ? undefined : hostnameOfLabel(label, policy);
};

/** What an address in the place of the hostname was meant as, from the rest of the input. */
export const hostnameHint = (input: DefinitionInput, policy: DefinitionPolicy): string | undefined =>
  readsAsAddress(input.hostname) ? (swapped(input, policy)?.hostname ?? namedAfter(input.name, policy)) : undefined;

/** Each target as meant, canonical, once. */
const correctTargets = (texts: readonly string[]): readonly string[] => [
  ...new Set(
    texts.map((text) => {
      const read = readTarget(text);
      if (read.kind === 'address') return read.address.text;
      return read.kind === 'name' ? read.name : (read.fix ?? text);
    }),
  ),
];

const correctText = (text: string | undefined, argument: 'name' | 'owner' | 'note'): string | undefined =>
  text === undefined || checkText(text, argument).findings.length === 0
    ? text
    : suggestText(text, argument) || undefined;

/** The input with every argument put right that can be; the others stay as they are. */
export const correctDefinition = (original: DefinitionInput, policy: DefinitionPolicy): DefinitionInput => {
  const input = swapped(original, policy) ?? original;
  const { hostname, suggestion } = checkHostname(input.hostname, policy, hostnameHint(input, policy));
  const targets = correctTargets(input.targets);
  const standby = correctTargets(input.standby ?? []).filter((text) => !targets.includes(text));
  const given = input.port ?? portIn(input.hostname) ?? input.targets.map(portIn).find((port) => port !== undefined);
  const port =
    given === undefined || checkPort(given, policy).port !== undefined ? given : (suggestPort(given, policy) ?? given);
  const sslMode =
    input.sslMode === undefined
      ? undefined
      : (checkSslMode(input.sslMode).sslMode ?? suggestSslMode(input.sslMode) ?? input.sslMode);
  const ttl =
    input.ttl === undefined || checkTtl(input.ttl, policy).ttlSeconds !== undefined
      ? input.ttl
      : (suggestTtl(input.ttl, policy) ?? input.ttl);
  const name = correctText(input.name, 'name');
  const owner = correctText(input.owner, 'owner');
  const note = correctText(input.note, 'note');
  return {
    hostname: hostname ?? suggestion ?? input.hostname,
    targets,
    ...(standby.length === 0 ? {} : { standby }),
    ...(port === undefined ? {} : { port }),
    ...(sslMode === undefined ? {} : { sslMode }),
    ...(ttl === undefined ? {} : { ttl }),
    ...(name === undefined ? {} : { name }),
    ...(owner === undefined ? {} : { owner }),
    ...(note === undefined ? {} : { note }),
  };
};
