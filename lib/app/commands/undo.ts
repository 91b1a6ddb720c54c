import type { Deadline } from '../../core/base/deadline.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import { changeRefusal, plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { carryOnRecordedBulk } from '../bulk/request-bulk.ts';
import { proposeUndo } from '../change/propose-undo.ts';
import { carryOnRecorded, requestChange } from '../change/request-change.ts';
import { findChangeOrBulk } from '../ledger/find-change.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { undoBulk } from './undo-bulk.ts';
import { undoRecent } from './undo-since.ts';

/** What is wrong with the command line, as a sentence or two. */
const mistakeIn = ({ change, since, by }: Request<'undo'>['command']): string | undefined => {
  if (change !== undefined && since !== undefined)
    return 'since: --since undoes all changes of a person within a time. Give either --since or one change, not both.';
  if (since === undefined && by !== undefined) return 'by: --by works only together with --since. Add --since 2h.';
  return change === undefined && since === undefined
    ? 'change: no change is given. Give its id, such as 01JDXW4M3Z8Q7B5T9K2N6P0R7Q, the id of a bulk, or --since 2h.'
    : undefined;
};

const undoChange = async (
  ports: Ports,
  request: Request<'undo'>,
  change: ChangeState,
  deadline: Deadline,
): Promise<Outcome> => {
  const { hostname } = change.plan;
  const recorded = await carryOnRecorded(ports, request, hostname, deadline);
  if (recorded !== undefined) return recorded;
  return authorised(ports, request, hostname, deadline, () =>
    requestChange(
      ports,
      request,
      hostname,
      (stream, frame) => proposeUndo(ports, change, stream, frame, deadline.signal),
      deadline,
    ),
  );
};

/** Takes an applied change back, or what a bulk applied, or what somebody changed since a while ago. */
export const undo = async (ports: Ports, request: Request<'undo'>, deadline: Deadline): Promise<Outcome> => {
  const { change = '', since } = request.command;
  const refuseWith = (why: string): Promise<Outcome> =>
    answer(ports, request, plainRefusal([why, 'Nothing was changed.']), deadline);
  const mistake = mistakeIn(request.command);
  if (mistake !== undefined) return refuseWith(mistake);
  if (since !== undefined)
    return (await carryOnRecordedBulk(ports, request, deadline)) ?? undoRecent(ports, request, since, deadline);
  const found = await findChangeOrBulk(ports, change, deadline.signal);
  if (!found.ok) return answer(ports, request, changeRefusal([found.message, 'Nothing was changed.'], false), deadline);
  if ('change' in found) return undoChange(ports, request, found.change, deadline);
  return (await carryOnRecordedBulk(ports, request, deadline)) ?? undoBulk(ports, request, found.bulk, deadline);
};
