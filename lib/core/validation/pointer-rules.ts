import type { Plan } from '../dns/plan.ts';
import type { Pointer } from '../dns/pointers.ts';
import { wildcardText } from '../dns/zone-answer.ts';
import type { Finding } from '../endpoint/finding.ts';
import { sameTargets } from '../endpoint/targets.ts';

/** Names that one sentence lists. */
const mostNames = 10;

const listed = (pointers: readonly Pointer[]): string => {
  const names = pointers.slice(0, mostNames).map(({ hostname }) => wildcardText(hostname));
  const left = pointers.length - names.length;
  return `${names.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
};

/** What a plan does to whoever leads to its hostname. */
export const effectOnPointers = ({ verb, definitionBefore, definitionAfter }: Plan): 'none' | 'moves' | 'vanishes' => {
  if (verb === 'add' || verb === 'adopt') return 'none';
  if (definitionAfter === undefined) return 'vanishes';
  return definitionBefore !== undefined && sameTargets(definitionBefore.targets, definitionAfter.targets)
    ? 'none'
    : 'moves';
};

/**
 * The rules of a plan for a name to which others lead. `age` says how old the knowledge of unregistered names is, as a sentence.
 *
 * | plan | registered names that lead here | others, and standbys |
 * | --- | --- | --- |
 * | takes the name away | refused | a warning |
 * | leads the name elsewhere, or leaves it to a wildcard | a warning | a warning |
 */
export const pointerFindings = (plan: Plan, pointers: readonly Pointer[], age: string): readonly Finding[] => {
  const { wildcard } = plan;
  const vanishes = effectOnPointers(plan) === 'vanishes';
  const effect = vanishes && wildcard !== undefined ? 'moves' : effectOnPointers(plan);
  const where =
    vanishes && wildcard !== undefined
      ? `where the wildcard ${wildcardText(wildcard.name)} leads`
      : 'to the new target too';
  const of = (as: Pointer['as'], isRegistered: boolean) =>
    pointers.filter((pointer) => pointer.as === as && pointer.isRegistered === isRegistered);
  const [registered, others, standbys] = [of('target', true), of('target', false), of('standby', true)];
  const finding = (severity: Finding['severity'], wrong: string, right: string): Finding => ({
    id: 'pointed-at',
    severity,
    argument: 'hostname',
    wrong,
    right,
  });
  const lead = (found: readonly Pointer[]): string => (found.length === 1 ? 'leads' : 'lead');
  const their = (found: readonly Pointer[]): string => (found.length === 1 ? 'Its' : 'Their');
  switch (effect) {
    case 'none':
      return [];
    case 'moves':
      return [
        ...(registered.length > 0
          ? [
              finding(
                'warn',
                `${listed(registered)} ${lead(registered)} to this name by CNAME.`,
                `${their(registered)} mail goes ${where}.`,
              ),
            ]
          : []),
        ...(others.length > 0
          ? [
              finding(
                'warn',
                `${listed(others)}, not registered here, ${lead(others)} to this name by CNAME.`,
                `${their(others)} mail goes ${where}.${age}`,
              ),
            ]
          : []),
        ...(standbys.length > 0
          ? [finding('warn', `This name is the standby of ${listed(standbys)}.`, `A failover would go ${where}.`)]
          : []),
      ];
    case 'vanishes':
      return [
        ...(registered.length > 0
          ? [
              finding(
                'block',
                `${listed(registered)} ${lead(registered)} to this name by CNAME, and would lead to nothing.`,
                `Change or remove ${registered.length === 1 ? 'it' : 'them'} first.`,
              ),
            ]
          : []),
        ...(others.length > 0
          ? [
              finding(
                'warn',
                `${listed(others)}, not registered here, ${lead(others)} to this name by CNAME, and would lead to nothing.`,
                `Tell ${others.length === 1 ? 'its owner' : 'their owners'} first.${age}`,
              ),
            ]
          : []),
        ...(standbys.length > 0
          ? [
              finding(
                'warn',
                `This name is the standby of ${listed(standbys)}.`,
                `${listed(standbys)} would have no working standby.`,
              ),
            ]
          : []),
      ];
  }
};
