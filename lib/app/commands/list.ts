import type { Deadline } from '../../core/base/deadline.ts';
import { notARegistryFormat, registryFormatOf } from '../../core/endpoint/registry-format.ts';
import { narrows, readFilter } from '../../core/filter/endpoint-filter.ts';
import { table as commandTable } from '../../core/grammar/table.ts';
import { ownExamples } from '../../core/validation/own-examples.ts';
import { listMessage } from '../../messages/list-message.ts';
import { plainRefusal, refusedFilter } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { chooseEndpoints } from '../filter/choose-endpoints.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { endpointStates } from '../watch/endpoint-states.ts';
import { listAt } from './list-at.ts';
import { listUnregistered } from './list-unregistered.ts';
import { sendRegistry } from './send-registry.ts';

/** Every registered hostname that the person may list, or those of them that a filter chooses: now, or at a moment of the past. */
export const list = (ports: Ports, request: Request<'list'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { page, json = false, at } = request.command;
    const { signal } = deadline;
    const formatText = request.command.format ?? (json ? 'jsonl' : undefined);
    const format = formatText === undefined ? undefined : registryFormatOf(formatText);
    if (formatText !== undefined && format === undefined)
      return answer(ports, request, plainRefusal([notARegistryFormat(formatText)]), deadline);
    const read = readFilter(request.command);
    if (!read.ok) return answer(ports, request, refusedFilter('list', read), deadline);
    const { filter } = read;
    if (filter.unregistered && format !== undefined) {
      const lines = ['unregistered: such names are not in the file. Leave out --format and --json.'];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    if (format === 'jsonl' && narrows(filter)) {
      const lines = [
        `${json ? 'json' : 'format'}: this file always contains the whole registry. Leave out the filters, or write --format csv.`,
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    if (at !== undefined) return listAt(ports, request, { at, filter, format }, deadline);
    if (filter.unregistered) return listUnregistered(ports, request, filter, deadline);
    const [all, may] = await Promise.all([endpointStates(ports, signal), permitted(ports, request, signal)]);
    const choice = await chooseEndpoints(ports, filter, signal, all);
    if (!choice.ok) return answer(ports, request, plainRefusal(choice.lines), deadline);
    const shown = all.filter(
      ({ registered: { definition } }) => may(definition.hostname) && choice.isChosen(definition),
    );
    if (format !== undefined && (format === 'jsonl' || shown.length > 0))
      return sendRegistry(
        ports,
        request,
        { format, atMs: ports.clock.now() },
        shown.map(({ registered }) => registered.definition),
        deadline,
      );
    const { snapshotAtMs } = choice;
    const example = ownExamples(ports.policy)(commandTable.add.example);
    return answer(ports, request, listMessage({ shown, page, filter, snapshotAtMs, example }), deadline);
  });
