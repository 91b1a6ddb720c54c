import type { Incident, Member } from '../../lib/core/watch/incident/incident.ts';

type Given = Partial<Incident> & { readonly hostname?: string; readonly state?: Member['state'] };

/** An open incident of one endpoint that is down, by default. */
export const sampleIncident = ({
  hostname = 'gitlab.mail.corp.internal',
  state = 'down',
  ...given
}: Given): Incident => {
  const openedAtMs = given.openedAtMs ?? 0;
  return {
    id: `endpoint-${hostname}-1`,
    cause: { kind: 'single', hostname },
    openedAtMs,
    raisedAtMs: openedAtMs,
    revision: 1,
    severity: state === 'degraded' || state === 'drifted' ? 'degraded' : state === 'plaintext' ? 'plaintext' : 'down',
    sentence: 'It is so.',
    findings: [],
    members: [{ hostname, state, joinedAtMs: openedAtMs }],
    updates: [],
    ...given,
  };
};
