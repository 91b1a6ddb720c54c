import { type FailoverOutlook, failoverOutlook } from '../../core/watch/health/standby.ts';
import type { Incident } from '../../core/watch/incident/incident.ts';
import { concernedCount } from '../../core/watch/incident/members.ts';
import { code } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import { targetsText } from '../change/record-lines.ts';
import { standbyText } from '../check/state-words.ts';
import type { BesideIncident } from './beside-incident.ts';

/** Whether another server would help: it does not against drift, DNS, blindness or an expiring certificate. */
const isOfServer = ({ cause, members }: Incident): boolean =>
  cause.kind === 'target' ||
  cause.kind === 'deliveries' ||
  (cause.kind === 'single' && members[0]?.state !== 'drifted');

const withStandby = (incident: Incident, { endpoints }: BesideIncident): BesideIncident['endpoints'] =>
  isOfServer(incident) && incident.closedAtMs === undefined
    ? endpoints.filter(({ definition }) => definition.standby !== undefined)
    : [];

/** The failover of one endpoint, or of all that a target has. */
export const failoverButtons = (
  incident: Incident,
  beside: BesideIncident,
): readonly ReturnType<typeof commandButton>[] => {
  const [first, ...others] = withStandby(incident, beside);
  if (first === undefined) return [];
  if (others.length === 0) return [commandButton('Fail over', `failover ${first.definition.hostname}`)];
  const { cause } = incident;
  return cause.kind === 'target' ? [commandButton('Fail over all', `failover ${cause.target}`)] : [];
};

const outlookTexts: Readonly<Record<FailoverOutlook, string>> = {
  helps: 'Failing over would help.',
  'no-better': 'Failing over would not help.',
  breaks: 'Failing over would make it worse: mail still gets in where the name leads now.',
  unknown: 'It is not known whether failing over would help.',
};

/** Whether a failover would help, before anybody tries; nothing without a standby. */
export const outlookLine = (incident: Incident, beside: BesideIncident): readonly string[] => {
  // The probe gets in at the old place: only Postal's next deliveries would show whether another server takes the mail.
  if (incident.cause.kind === 'deliveries') return [];
  const outlooks = withStandby(incident, beside).map(({ definition, state, standby }) => ({
    definition,
    standby,
    outlook: failoverOutlook(state === 'unknown' ? 'down' : state, standby?.state),
  }));
  const [first] = outlooks;
  if (first === undefined) return [];
  const { definition, standby, outlook } = first;
  if (concernedCount(incident) === 1 && definition.standby !== undefined)
    return [`*${outlookTexts[outlook]}* Standby ${code(targetsText(definition.standby))}: ${standbyText(standby)}`];
  const helped = outlooks.filter((each) => each.outlook === 'helps').length;
  const endpoints = helped === 1 ? '1 endpoint' : `${helped} endpoints`;
  return [
    `*Failing over would help ${helped === 0 ? 'none of them' : endpoints}.* ${outlooks.length} ${outlooks.length === 1 ? 'has' : 'have'} a standby.`,
  ];
};
