import type { Deadline } from '../../core/base/deadline.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import { readFilter, registeredOnly } from '../../core/filter/endpoint-filter.ts';
import { givenFilters } from '../../core/grammar/filter-parts.ts';
import { type Entry, mutesStream } from '../../core/ledger/entry.ts';
import { isCovered, type MuteScope, readMuteScope, scopeText } from '../../core/watch/mute/mute-scope.ts';
import { namesText } from '../../messages/bulk/bulk-words.ts';
import { plainRefusal, refusedFilter } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { chooseEndpoints } from '../filter/choose-endpoints.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';

/** A filter mutes names one by one, each in its own stream. */
const namesAtMost = 100;

/** What is to be muted, where in the ledger that is written down, and the registered names that it covers now. */
export type Muted = {
  readonly key: string;
  readonly isOne: boolean;
  readonly stream: string;
  readonly covered: readonly Definition[];
  readonly entries: readonly Entry[];
};

type Asked = Request<'mute'> | Request<'unmute'>;
type GoOn = (muted: readonly [Muted, ...Muted[]]) => Promise<Outcome>;

const refusedFor = (ports: Ports, request: Request, lines: readonly string[], deadline: Deadline): Promise<Outcome> =>
  answer(ports, request, plainRefusal([...lines, 'Nothing was changed.']), deadline);

/** The owner whose scope `all --owner …` is another way to write; undefined for every other filter. */
const ownerScope = (command: Asked['command']): string | undefined => {
  const [[name, [value] = []] = [], ...others] = givenFilters(command);
  const isOwners = command.hostname.toLowerCase() === 'all' && others.length === 0 && name === 'owner';
  return isOwners && value !== undefined ? scopeText({ kind: 'owner', owner: value }) : undefined;
};

/** The refusal for names that the person may not mute; undefined if they may mute all. */
const deniedLine = (covered: readonly Definition[], may: (hostname: string) => boolean, key: string, verb: string) => {
  const denied = covered.filter(({ hostname }) => !may(hostname)).length;
  return denied === 0
    ? undefined
    : `hostname: ${key} covers ${namesText(covered.length)}, and you may not ${verb} ${denied} of them. Choose only names that you may ${verb}.`;
};

/** Registered names that a filter chooses now; each gets its own mute. */
const ofFilter = (ports: Ports, request: Asked, deadline: Deadline, goOn: GoOn): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { signal } = deadline;
    const { verb } = request.command;
    const read = readFilter(request.command);
    if (!read.ok) return answer(ports, request, refusedFilter(verb, read), deadline);
    const choice = await chooseEndpoints(ports, read.filter, signal);
    if (!choice.ok) return refusedFor(ports, request, choice.lines, deadline);
    const covered = (await listRegistered(ports.state, signal))
      .map(({ definition }) => definition)
      .filter(choice.isChosen);
    const denied = deniedLine(covered, await permitted(ports, request, signal), 'the filter', verb);
    if (denied !== undefined) return refusedFor(ports, request, [denied], deadline);
    if (covered.length > namesAtMost) {
      const lines = [
        `The filter chooses ${covered.length} names, and ${namesAtMost} are ${verb}d one by one at most. Narrow it, or ${verb} a pattern, a target or an owner.`,
      ];
      return refusedFor(ports, request, lines, deadline);
    }
    const muted: Muted[] = [];
    for (const definition of covered) {
      const { hostname } = definition;
      const entries = await ports.ledger.read(hostname, signal);
      muted.push({ key: hostname, isOne: true, stream: hostname, covered: [definition], entries });
    }
    const [first, ...others] = muted;
    if (first === undefined)
      return refusedFor(
        ports,
        request,
        ['No registered name matches.', 'See the registered names: /postal-endpoint list'],
        deadline,
      );
    return goOn([first, ...others]);
  });

const ofScope = (ports: Ports, request: Asked, scope: MuteScope, deadline: Deadline, goOn: GoOn): Promise<Outcome> => {
  const { signal } = deadline;
  const { verb } = request.command;
  const key = scopeText(scope);
  const isOne = scope.kind === 'hostname';
  return authorised(ports, request, isOne ? scope.hostname : undefined, deadline, async () => {
    const covered = (await listRegistered(ports.state, signal))
      .map(({ definition }) => definition)
      .filter((definition) => isCovered(scope, definition));
    if (covered.length === 0 && verb === 'mute')
      return refusedFor(
        ports,
        request,
        [
          isOne
            ? `hostname: ${scope.hostname} is not registered, so it is not watched.`
            : `hostname: ${key} covers no registered name.`,
          'See the registered names: /postal-endpoint list',
        ],
        deadline,
      );
    const denied = deniedLine(covered, await permitted(ports, request, signal), key, verb);
    if (denied !== undefined) return refusedFor(ports, request, [denied], deadline);
    const stream = isOne ? scope.hostname : mutesStream;
    return goOn([{ key, isOne, stream, covered, entries: await ports.ledger.read(stream, signal) }]);
  });
};

/** What `mute` and `unmute` need: something that covers registered names, and the right to all of these. */
export const ofMuted = (ports: Ports, request: Asked, deadline: Deadline, goOn: GoOn): Promise<Outcome> => {
  const { command } = request;
  if (command.unregistered)
    return refusedFor(ports, request, [registeredOnly(`there are no alerts to ${command.verb}`)], deadline);
  const text = ownerScope(command) ?? (givenFilters(command).length === 0 ? command.hostname : undefined);
  if (text === undefined) return ofFilter(ports, request, deadline, goOn);
  const read = readMuteScope(text);
  return read.ok
    ? ofScope(ports, request, read.scope, deadline, goOn)
    : refusedFor(ports, request, [`hostname: ${read.wrong} ${read.right}`], deadline);
};
