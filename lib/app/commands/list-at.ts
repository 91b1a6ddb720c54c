import type { Deadline } from '../../core/base/deadline.ts';
import { momentOfDay } from '../../core/base/zoned-time.ts';
import type { RegistryFormat } from '../../core/endpoint/registry-format.ts';
import { type EndpointFilter, isDefinedSo, mayBeIn } from '../../core/filter/endpoint-filter.ts';
import { givenFilters } from '../../core/grammar/filter-parts.ts';
import { readingLimits } from '../../core/limits/limits.ts';
import {
  beforeLedgerMessage,
  faultyLedgerMessage,
  pastListMessage,
  tooLongToFoldMessage,
} from '../../messages/past-list-message.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { permitted } from '../authorise/permitted.ts';
import { pastRegistry } from '../history/registry-at.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { sendRegistry } from './send-registry.ts';

/** What only the present tells: what watch sees, what Postal reports, what is in the zones. */
const ofToday = ['state', 'server', 'in-postal', 'unregistered'];

/** The time asked for, in milliseconds since the epoch; or a sentence that says what is wrong with it. */
const readMoment = (
  { policy, clock }: Pick<Ports, 'policy' | 'clock'>,
  at: string,
): { readonly atMs: number } | { readonly wrong: string } => {
  const { timeZone = 'UTC' } = policy;
  const atMs = momentOfDay(at, timeZone);
  if (atMs === undefined)
    return {
      wrong: `at: "${at}" is not a valid time. Write a day such as 2026-11-20, which means its beginning, or 2026-11-20T14:30, both in ${timeZone}; or add an offset such as +01:00.`,
    };
  return atMs > clock.now()
    ? { wrong: `at: ${at} is in the future. Leave --at out for what is registered now.` }
    : { atMs };
};

/** What was registered at a moment of the past, of that what the person may list and a filter chooses. */
export const listAt = async (
  ports: Ports,
  request: Request<'list'>,
  asked: { readonly at: string; readonly filter: EndpointFilter; readonly format: RegistryFormat | undefined },
  deadline: Deadline,
): Promise<Outcome> => {
  const { filter, format } = asked;
  const at = asked.at.trim().replace(' ', 'T');
  const { signal } = deadline;
  const unknown = givenFilters(request.command).flatMap(([name]) => (ofToday.includes(name) ? [`--${name}`] : []));
  if (unknown.length > 0) {
    const lines = [
      `at: the ledger knows what was registered, but not states, Postal's reports or other records in the zones. Leave out ${unknown.join(' and ')}.`,
    ];
    return answer(ports, request, plainRefusal(lines), deadline);
  }
  const moment = readMoment(ports, at);
  if ('wrong' in moment) return answer(ports, request, plainRefusal([moment.wrong]), deadline);
  const { atMs } = moment;
  const may = await permitted(ports, request, signal);
  const past = await pastRegistry(ports, atMs, (hostname) => may(hostname) && mayBeIn(filter.scope, hostname), signal);
  switch (past.kind) {
    case 'empty':
      return answer(ports, request, beforeLedgerMessage(at, undefined), deadline);
    case 'before':
      return answer(ports, request, beforeLedgerMessage(at, past.firstAt), deadline);
    case 'faulty':
      return answer(ports, request, faultyLedgerMessage(at, past.faults), deadline);
    case 'too-long':
      return answer(
        ports,
        request,
        tooLongToFoldMessage({ at, ...past, seconds: readingLimits.milliseconds / 1000 }),
        deadline,
      );
    case 'known':
  }
  const shown = past.registered.filter(({ definition }) => isDefinedSo(filter, definition));
  if (format !== undefined && shown.length > 0)
    return sendRegistry(
      ports,
      request,
      { format, atMs, at },
      shown.map(({ definition }) => definition),
      deadline,
    );
  const { page } = request.command;
  return answer(ports, request, pastListMessage({ ...past, shown, at, atMs, page, filter }), deadline);
};
