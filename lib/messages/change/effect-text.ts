import type { KnownBlock } from '@slack/types';
import { appearingTypes, rememberedBeforeSeconds, vanishingTypes } from '../../core/dns/move.ts';
import type { Plan } from '../../core/dns/plan.ts';
import { recordSetText } from '../../core/dns/record-set-text.ts';
import { parentOf, wildcardText as wildcardName } from '../../core/dns/zone-answer.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import { leadsTo } from '../../core/probe-report/leads-to.ts';
import type { ProbeResult } from '../../core/probe-report/report.ts';
import { code, dateText, escapeText, section } from '../block-kit/blocks.ts';
import { targetsText } from './record-lines.ts';

/** How long until a change of targets is visible everywhere, and why; undefined when a plan changes none. */
export const effectiveText = (plan: Plan): string | undefined => {
  const { effectiveWithinSeconds: within } = plan;
  if (within === undefined) return undefined;
  const oldTtl = rememberedBeforeSeconds(plan);
  const because =
    within > oldTtl
      ? `resolvers may cache the missing ${appearingTypes(plan).join(' and ')} record that long`
      : 'that is the TTL of the current record';
  const wildcard = wildcardText(plan);
  return `${wildcard === undefined ? '' : `${wildcard} `}Effective within ${within} s of being applied: ${because}.`;
};

/** What a wildcard has to do with a plan: it answered before, or will answer after; undefined where none does. */
export const wildcardText = ({ hostname, after, wildcard }: Plan): string | undefined => {
  if (wildcard === undefined) return undefined;
  const answers = `${wildcardName(wildcard.name)} (${wildcard.sets.map(recordSetText).join('; ')})`;
  const longest = Math.max(0, ...wildcard.sets.map(({ ttlSeconds }) => ttlSeconds));
  // A wildcard answers for nothing at or below a name that exists, and the names on the way to one exist with it (RFC 4592 §2.2).
  const highest = highestNewName(hostname, parentOf(wildcard.name));
  return after.some(({ name }) => name === hostname)
    ? `For up to ${longest} s after this change, resolvers may still answer for ${hostname} from the wildcard ${answers}. ${
        highest === hostname
          ? `From then on the wildcard answers for no name below ${hostname} either.`
          : `From then on the wildcard answers neither for ${highest} nor for any name below it.`
      }`
    : `Afterwards the wildcard ${answers} answers for ${hostname}: mail for it goes there. It also answers for ${
        highest === hostname ? `every name below ${hostname}` : `${highest} and every name below it`
      }.`;
};

/** The name directly below `encloser` on the way to `hostname`. */
const highestNewName = (hostname: string, encloser: string): string => {
  let name = hostname;
  while (parentOf(name) !== encloser) name = parentOf(name);
  return name;
};

/** The same, for a plan that is not yet applied. */
export const effectiveBlocks = (plan: Plan): KnownBlock[] => {
  const text = effectiveText(plan);
  return text === undefined ? [] : [section(escapeText(text))];
};

/** Whether the resolver returns the new targets, by the probe that followed the change; if not yet, by when it will. */
export const resolverBlocks = (plan: Plan, probe: ProbeResult | undefined, inSync: boolean): KnownBlock[] => {
  const { effectiveWithinSeconds: within, definitionAfter: definition } = plan;
  if (within === undefined) return [];
  const wildcard = wildcardText(plan);
  const about = wildcard === undefined ? [] : [section(`⚠️ ${escapeText(wildcard)}`)];
  if (definition === undefined) return about;
  return [...about, ...answerBlocks(plan, definition, within, probe, inSync)];
};

const answerBlocks = (
  plan: Plan,
  definition: Definition,
  within: number,
  probe: ProbeResult | undefined,
  inSync: boolean,
): KnownBlock[] => {
  const to = code(targetsText(definition.targets));
  if (!inSync) return [section(`⏳ Effective within ${within} s after all servers of Route 53 have the change.`)];
  if (probe?.ok !== true)
    return [
      section(
        `❔ The resolver could not be asked whether it returns ${to}. The change is effective within ${within} s.`,
      ),
    ];
  const { resolution, startedAt } = probe.report;
  // Resolvers drop what they cached before all of Route 53 had the change.
  const by = dateText(new Date(Date.parse(startedAt) + within * 1000).toISOString(), '{time_secs}');
  if (!leadsTo(resolution, definition.targets))
    return [section(`⏳ *The resolver does not return ${to} yet*. It will by ${by}: check again then.`)];
  const vanishing = vanishingTypes(plan);
  const isWildcards = !plan.before.some(({ name }) => name === plan.hostname);
  const old = `${isWildcards ? 'the wildcard’s' : 'the removed'} ${vanishing.join(' and ')} record`;
  const left = vanishing.length === 0 ? '' : `; until ${by} it may still return ${old}`;
  return [section(`✓ The resolver returns ${to}${left}.`)];
};
