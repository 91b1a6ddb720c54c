import type { Plan } from '../../dns/plan.ts';
import { sameTargets } from '../../endpoint/targets.ts';
import type { Audit, AuditedEndpoint } from './audit.ts';
import { agoText, countOf } from './words.ts';

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

/** What in Postal depends on a name: `GitLab in acme/production: 3 routes, and 27 messages that wait`. */
const dependents = (endpoints: readonly AuditedEndpoint[]): string => {
  const routes = total(endpoints, ({ subject }) => subject.routes.length);
  const waiting = total(endpoints, ({ subject }) => subject.waiting.count);
  const waits =
    waiting === 0 ? '' : `, and ${countOf(waiting, 'message')} that ${waiting === 1 ? 'waits' : 'wait'} in its queue`;
  return `${namesOf(endpoints)}: ${countOf(routes, 'route')}${waits}`;
};

/**
 * What a plan means for Postal, as sentences; `audit` is of the plan's hostname alone.
 *
 * | plan | said |
 * | --- | --- |
 * | takes the name away | which endpoints, routes and waiting mail depend on it |
 * | leads it elsewhere | the same; waiting mail goes there too |
 * | changes port or SSL mode | what Postal still has |
 * | anything else, or Postal does not have the name | nothing |
 */
export const planRemarks = (
  { definitionBefore, definitionAfter }: Plan,
  { endpoints, atMs }: Audit,
  nowMs: number,
): readonly string[] => {
  if (endpoints.length === 0 || definitionBefore === undefined) return [];
  const source = `(Postal, as reported ${agoText(atMs, nowMs)} ago)`;
  if (definitionAfter === undefined)
    return [
      `Mail would be lost for ${dependents(endpoints)} ${source}. Waiting mail keeps its endpoint, so that a new route does not move it.`,
    ];
  const stale = endpoints.filter(
    ({ subject: { port, endpoint } }) =>
      port !== definitionAfter.port || (endpoint.sslMode !== null && endpoint.sslMode !== definitionAfter.sslMode),
  );
  const isOtherEndpoint =
    definitionBefore.port !== definitionAfter.port || definitionBefore.sslMode !== definitionAfter.sslMode;
  return [
    ...(sameTargets(definitionBefore.targets, definitionAfter.targets)
      ? []
      : [
          `This leads elsewhere ${dependents(endpoints)} ${source}. Waiting mail goes to the new target with its next attempt.`,
        ]),
    ...(isOtherEndpoint && stale.length > 0
      ? [
          `Postal still has ${stale
            .slice(0, namedAtMost)
            .map(
              (each) =>
                `port ${each.subject.port}, SSL mode ${each.subject.endpoint.sslMode ?? 'empty'} in ${nameOf(each)}`,
            )
            .join('; ')} ${source}. Change it there as well.`,
        ]
      : []),
  ];
};
