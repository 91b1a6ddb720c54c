import type { Deadline } from '../../core/base/deadline.ts';
import type { Targets } from '../../core/endpoint/definition.ts';
import { notARegistryFormat, registryFormatOf } from '../../core/endpoint/registry-format.ts';
import { readTarget } from '../../core/endpoint/target-text.ts';
import { targetTexts } from '../../core/endpoint/targets.ts';
import { listedStates } from '../../core/grammar/row-parts.ts';
import { table as commandTable } from '../../core/grammar/table.ts';
import { ownExamples } from '../../core/validation/own-examples.ts';
import type { EndpointStatus } from '../../core/watch/endpoint-status.ts';
import { listMessage } from '../../messages/list-message.ts';
import { plainRefusal, refusedTarget } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { endpointStates } from '../watch/endpoint-states.ts';
import { listUnregistered } from './list-unregistered.ts';
import { sendRegistry } from './send-registry.ts';

const isSo = ({ state, mute }: EndpointStatus, wanted: string | undefined): boolean =>
  wanted === undefined || (wanted === 'muted' ? mute !== undefined : state === wanted);

/** Every registered hostname that the person may list, or those of them that lead to one target, or are in one state. */
export const list = (ports: Ports, request: Request<'list'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { target: text, state: stateText, owner, page, json = false, unregistered = false } = request.command;
    const { signal } = deadline;
    const formatText = request.command.format ?? (json ? 'jsonl' : undefined);
    const format = formatText === undefined ? undefined : registryFormatOf(formatText);
    if (formatText !== undefined && format === undefined)
      return answer(ports, request, plainRefusal([notARegistryFormat(formatText)]), deadline);
    if (format === 'jsonl' && (text !== undefined || stateText !== undefined || owner !== undefined)) {
      const lines = [
        `${json ? 'json' : 'format'}: the file is the whole registry, for an audit. Leave out --target, --state and --owner, or write --format csv.`,
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    if (unregistered && (stateText !== undefined || owner !== undefined || format !== undefined)) {
      const lines = [
        'unregistered: such names have no state or owner and are not in the file. Leave out --state, --owner, --format and --json.',
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    const read = text === undefined ? undefined : readTarget(text);
    if (read?.kind === 'invalid') return answer(ports, request, refusedTarget('list', read), deadline);
    const state = listedStates.find((each) => each === stateText?.toLowerCase());
    if (stateText !== undefined && state === undefined) {
      const lines = [
        `state: unknown state "${stateText}". Write ${listedStates.slice(0, -1).join(', ')} or ${listedStates.at(-1)}.`,
      ];
      return answer(ports, request, plainRefusal(lines), deadline);
    }
    const target = read?.kind === 'address' ? read.address.text : read?.name;
    if (unregistered) return listUnregistered(ports, request, target, deadline);
    const leadsThere = (targets: Targets | undefined): boolean =>
      target === undefined || (targets !== undefined && targetTexts(targets).includes(target));
    const [all, may] = await Promise.all([endpointStates(ports, signal), permitted(ports, request, signal)]);
    const shown = all.filter((standing) => {
      const { hostname, targets, standby, owner: owns } = standing.registered.definition;
      return (
        may(hostname) &&
        (owner === undefined || owns === owner) &&
        isSo(standing, state) &&
        (leadsThere(targets) || leadsThere(standby))
      );
    });
    if (format !== undefined && (format === 'jsonl' || shown.length > 0))
      return sendRegistry(
        ports,
        request,
        format,
        shown.map(({ registered }) => registered.definition),
        deadline,
      );
    return answer(
      ports,
      request,
      listMessage({ shown, page, target, state, owner, example: ownExamples(ports.policy)(commandTable.add.example) }),
      deadline,
    );
  });
