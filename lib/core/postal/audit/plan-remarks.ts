import type { Plan } from '../../dns/plan.ts';
import type { Definition } from '../../endpoint/definition.ts';
import { sameTargets } from '../../endpoint/targets.ts';
import type { Audit, AuditedEndpoint } from './audit.ts';
import { countOf } from './words.ts';

/** Endpoints that one sentence names. */
const namedAtMost = 3;

const nameOf = ({ subject: { endpoint, server } }: AuditedEndpoint): string => `${endpoint.name} in ${server.name}`;

const namesOf = (endpoints: readonly AuditedEndpoint[]): string => {
  const names = endpoints.slice(0, namedAtMost).map(nameOf);
  const more = endpoints.length - names.length;
  return [...names, ...(more > 0 ? [countOf(more, 'more endpoint')] : [])].join(', ');
};

const total = (endpoints: readonly AuditedEndpoint[], of: (endpoint: AuditedEndpoint) => number): number =>
  endpoints.reduce((sum, endpoint) => sum + of(endpoint), 0);

/** `3 routes, and 27 messages that wait in its queue`. */
export const routesAndWaiting = (endpoints: readonly AuditedEndpoint[]): string => {
  const routes = total(endpoints, ({ subject }) => subject.routes.length);
  const waiting = total(endpoints, ({ subject }) => subject.waiting.count);
  const waits =
    waiting === 0 ? '' : `, and ${countOf(waiting, 'message')} that ${waiting === 1 ? 'waits' : 'wait'} in its queue`;
  return `${countOf(routes, 'route')}${waits}`;
};

/** What in Postal depends on a name: `GitLab in acme/production: 3 routes, and 27 messages that wait`. */
const dependents = (endpoints: readonly AuditedEndpoint[]): string =>
  `${namesOf(endpoints)}: ${routesAndWaiting(endpoints)}`;

/** How the remark on a new name begins that Postal does not have yet: nothing is wrong then. */
export const notInPostalYet = 'Not in Postal yet';

/** Whether Postal has another port or SSL mode than a definition. */
export const settingsDiffer = ({ subject }: AuditedEndpoint, { port, sslMode }: Definition): boolean =>
  subject.port !== port || (subject.endpoint.sslMode !== null && subject.endpoint.sslMode !== sslMode);

const stillHas = (endpoints: readonly AuditedEndpoint[], definition: Definition, source: string): string[] => {
  const stale = endpoints.filter((endpoint) => settingsDiffer(endpoint, definition));
  const settings = stale
    .slice(0, namedAtMost)
    .map(
      (each) => `port ${each.subject.port}, SSL mode ${each.subject.endpoint.sslMode ?? 'empty'} in ${nameOf(each)}`,
    );
  return stale.length === 0 ? [] : [`Postal still has ${settings.join('; ')} ${source}. Change it there as well.`];
};

/**
 * What a plan means for Postal, as sentences; `audit` is of the plan's hostname alone, and `source` says who reported it when.
 *
 * | plan | said |
 * | --- | --- |
 * | registers a name that Postal does not have | that |
 * | registers a name that Postal has | what depends on it; a port or SSL mode that differs |
 * | takes the name away | which endpoints, routes and waiting mail depend on it |
 * | leads it elsewhere | the same; waiting mail goes there too |
 * | changes port or SSL mode | what Postal still has |
 * | anything else, or Postal does not have the name | nothing |
 */
export const planRemarks = (
  { definitionBefore, definitionAfter }: Plan,
  { endpoints }: Audit,
  source: string,
): readonly string[] => {
  const by = `(${source})`;
  if (definitionBefore === undefined) {
    if (definitionAfter === undefined) return [];
    return endpoints.length === 0
      ? [`${notInPostalYet} ${by}.`]
      : [`Postal already uses this name: ${dependents(endpoints)} ${by}.`, ...stillHas(endpoints, definitionAfter, by)];
  }
  if (endpoints.length === 0) return [];
  if (definitionAfter === undefined)
    return [
      `Mail would be lost for ${dependents(endpoints)} ${by}. A new route does not move waiting messages: they stay with this endpoint.`,
    ];
  const isOtherEndpoint =
    definitionBefore.port !== definitionAfter.port || definitionBefore.sslMode !== definitionAfter.sslMode;
  return [
    ...(sameTargets(definitionBefore.targets, definitionAfter.targets)
      ? []
      : [
          `This changes where mail goes for ${dependents(endpoints)} ${by}. Waiting messages follow at their next attempt.`,
        ]),
    ...(isOtherEndpoint ? stillHas(endpoints, definitionAfter, by) : []),
  ];
};
