import type { Plan } from '../../dns/plan.ts';
import { sameTargets } from '../../endpoint/targets.ts';
import type { Audit, AuditedEndpoint } from './audit.ts';
import { routesAndWaiting, settingsDiffer } from './plan-remarks.ts';

/** Hostnames that one sentence has. */
const namedAtMost = 3;

const namesOf = (hostnames: readonly string[]): string => {
  const more = hostnames.length - namedAtMost;
  return `${hostnames.slice(0, namedAtMost).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** What many plans at once mean for Postal, a sentence for each way in which they concern it; the table of `planRemarks`, counted. */
export const bulkRemarks = (plans: readonly Plan[], { endpoints }: Audit, source: string): readonly string[] => {
  const byName = Map.groupBy(endpoints, ({ subject }) => subject.hostname);
  const enteredAs = ({ hostname }: Plan): readonly AuditedEndpoint[] => byName.get(hostname) ?? [];
  const by = `(${source})`;
  const known = plans.filter((plan) => enteredAs(plan).length > 0);
  const dependOn = (those: readonly Plan[]): string =>
    `${namesOf(those.map(({ hostname }) => hostname))}: ${routesAndWaiting(those.flatMap(enteredAs))} ${by}`;
  const unknown = plans.filter(
    (plan) => plan.definitionBefore === undefined && plan.definitionAfter !== undefined && enteredAs(plan).length === 0,
  );
  const gone = known.filter(({ definitionAfter }) => definitionAfter === undefined);
  const elsewhere = known.filter(
    ({ definitionBefore: before, definitionAfter: after }) =>
      before !== undefined && after !== undefined && !sameTargets(before.targets, after.targets),
  );
  const stale = known.filter((plan) => {
    const { definitionBefore: before, definitionAfter: after } = plan;
    if (after === undefined) return false;
    const isOther = before === undefined || before.port !== after.port || before.sslMode !== after.sslMode;
    return isOther && enteredAs(plan).some((endpoint) => settingsDiffer(endpoint, after));
  });
  return [
    ...(gone.length === 0
      ? []
      : [
          `Mail would be lost for ${dependOn(gone)}.`,
          'Mail that waits for a removed name keeps its endpoint, so a new route does not move it.',
        ]),
    ...(elsewhere.length === 0
      ? []
      : [`Postal delivers to ${dependOn(elsewhere)}.`, 'Waiting messages follow at their next attempt.']),
    ...(stale.length === 0
      ? []
      : [
          `Postal still has another port or SSL mode for ${namesOf(stale.map(({ hostname }) => hostname))} ${by}. Change it there as well.`,
        ]),
    ...(unknown.length === 0 ? [] : [`Not in Postal yet: ${namesOf(unknown.map(({ hostname }) => hostname))} ${by}.`]),
  ];
};
