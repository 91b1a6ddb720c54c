import type { Deadline } from '../../core/base/deadline.ts';
import type { Verb } from '../../core/grammar/command.ts';
import { acknowledge } from '../commands/acknowledge.ts';
import { add } from '../commands/add.ts';
import { decideChange } from '../commands/decide-change.ts';
import { failover } from '../commands/failover.ts';
import { mute, unmute } from '../commands/mute.ts';
import { remove } from '../commands/remove.ts';
import { update } from '../commands/update.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

type UseCases = {
  readonly [V in Verb]: (ports: Ports, request: Request<V>, deadline: Deadline) => Promise<Outcome>;
};

/** Of the verbs that change one hostname, decide on a change, or answer an alert. They are loaded when the worker starts. */
const loadedAtStart = {
  add,
  update,
  remove,
  failover,
  approve: decideChange,
  reject: decideChange,
  cancel: decideChange,
  acknowledge,
  mute,
  unmute,
};

const every = async (): Promise<UseCases> => ({
  ...loadedAtStart,
  ...(await import('./verbs-on-demand.ts')).verbsOnDemand,
});

/** The use case of a verb. */
export const loadUseCase = async <V extends Verb>(verb: V): Promise<UseCases[V]> => {
  const loaded: Partial<UseCases> = loadedAtStart;
  return loaded[verb] ?? (await every())[verb];
};
