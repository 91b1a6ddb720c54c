import type { Deadline } from '../../core/base/deadline.ts';
import { bad, type Examined } from '../../core/base/examined.ts';
import { examineReporting } from '../../core/postal/reports/reporting.ts';
import { doctorMessage } from '../../messages/watch/doctor-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { examineProfile } from '../doctor/profile.ts';
import { examineResolver } from '../doctor/resolver.ts';
import { examineTables, examineZoneRights } from '../doctor/rights.ts';
import { examineSlack } from '../doctor/slack.ts';
import { examineWatch } from '../doctor/watch.ts';
import { examineZone } from '../doctor/zones.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { readReporting } from '../postal/read-reporting.ts';

/** An examination that breaks is a finding too, and must not hide the others. */
const orItsEnd = async (what: string, examine: () => Promise<readonly Examined[]>): Promise<readonly Examined[]> => {
  try {
    return await examine();
  } catch (error) {
    return [
      bad(what, error instanceof Error ? error.message : String(error), 'Look at the worker’s log for this request.'),
    ];
  }
};

/** Examines the deployment from inside, part by part, without changing anything that matters: what is well, and what is to be done about the rest. */
export const doctor = (ports: Ports, request: Request<'doctor'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { signal } = deadline;
    const { policy, profile, clock } = ports;
    const examined = await Promise.all([
      ...policy.zones.map((zone) => orItsEnd(`zone ${zone.name}`, () => examineZone(ports, zone, signal))),
      ...policy.zones.map((zone) =>
        orItsEnd(`zone ${zone.name}, right to change`, async () => [
          await examineZoneRights(ports, zone, request.requestId, signal),
        ]),
      ),
      orItsEnd('prober', () => examineResolver(ports, request.requestId, signal)),
      orItsEnd('tables', () => examineTables(ports, signal)),
      orItsEnd('Slack', () => examineSlack(ports, signal)),
      orItsEnd('watch', () => examineWatch(ports, signal)),
      orItsEnd('Postal reports', async () => examineReporting(await readReporting(ports, signal), clock.now())),
      orItsEnd('Postal profile', async () => [examineProfile(profile)]),
    ]);
    return answer(
      ports,
      request,
      doctorMessage(examined.flat(), { at: new Date(clock.now()).toISOString(), policyVersion: policy.version }),
      deadline,
    );
  });
