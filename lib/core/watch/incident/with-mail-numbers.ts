import type { MailFacts } from '../mail/mail-facts.ts';
import { mailNumbers, mailNumbersText } from '../mail/mail-numbers.ts';
import { type Incident, standingMembers } from './incident.ts';
import { withUpdates } from './incident-of-group.ts';

const concernsMail: ReadonlySet<Incident['cause']['kind']> = new Set([
  'target',
  'zone',
  'single',
  'mass-outage',
  'deliveries',
]);

/** An incident that this round changes, with Postal's numbers of now: they are in its head, and in what was added to its thread. */
const refreshed = (incident: Incident, before: Incident | undefined, mail: MailFacts | undefined): Incident => {
  const { postal: _old, ...rest } = incident;
  const concerned = incident.closedAtMs === undefined ? standingMembers(incident) : incident.members;
  const numbers =
    mail &&
    mailNumbers(
      mail,
      concerned.map(({ hostname }) => hostname),
    );
  if (numbers === undefined) return rest;
  const earlier = before?.updates.length ?? 0;
  const text = mailNumbersText(numbers);
  return {
    ...rest,
    postal: numbers,
    updates: incident.updates.map((update, index) =>
      index < earlier || index < incident.updates.length - 1 ? update : { ...update, text: `${update.text} ${text}` },
    ),
  };
};

/** Endpoints of an open incident to which Postal's deliveries fail as well, and of which it does not say so yet. */
const joining = (incident: Incident, mail: MailFacts, nowMs: number): Incident | undefined => {
  const numbers = mailNumbers(
    mail,
    standingMembers(incident).map(({ hostname }) => hostname),
  );
  if (numbers === undefined) return undefined;
  const before = incident.postal;
  const fresh = numbers.failing.filter((hostname) => before?.failing.includes(hostname) !== true);
  if (fresh.length === 0)
    return before === undefined && numbers.waiting > 0
      ? { ...incident, revision: incident.revision + 1, postal: numbers }
      : undefined;
  const failing = [...new Set([...(before?.failing ?? []), ...fresh])];
  const [first] = fresh;
  const said = first === undefined ? undefined : mail.byHostname.get(first)?.said;
  const whose = fresh.length === 1 ? first : `${fresh.length} endpoints`;
  const text = `Postal’s deliveries to ${whose} fail. ${said?.sentence ?? ''} ${mailNumbersText(numbers)}`;
  return {
    ...incident,
    revision: incident.revision + 1,
    postal: { ...numbers, failing },
    updates: withUpdates(incident.updates, [{ atMs: nowMs, step: 'note', text }]),
  };
};

/**
 * The incidents of a round with Postal's numbers. Those that the round changes get them anew; of the others, one gets them when mail to one of its endpoints
 * begins to fail or to wait, and loses them when facts are missing or stale.
 */
export const withMailNumbers = (
  changed: readonly Incident[],
  all: readonly Incident[],
  mail: MailFacts | undefined,
  nowMs: number,
): readonly Incident[] => {
  const byId = new Map(all.map((incident) => [incident.id, incident]));
  const ids = new Set(changed.map(({ id }) => id));
  const others = all.flatMap((incident): Incident[] => {
    const { postal, ...rest } = incident;
    if (ids.has(rest.id) || rest.closedAtMs !== undefined || !concernsMail.has(rest.cause.kind)) return [];
    if (mail === undefined) return postal === undefined ? [] : [{ ...rest, revision: rest.revision + 1 }];
    const joined = joining(incident, mail, nowMs);
    return joined === undefined ? [] : [joined];
  });
  return [
    ...changed.map((incident) =>
      concernsMail.has(incident.cause.kind) ? refreshed(incident, byId.get(incident.id), mail) : incident,
    ),
    ...others,
  ];
};
