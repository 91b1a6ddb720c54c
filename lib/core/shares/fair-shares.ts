import { type Command, changedHostname } from '../grammar/command.ts';

/** Workers at once where nothing else is configured: MaximumConcurrency of the worker's event source in serverless.yml. */
export const workersAtOnce = 10;

/** Budgets of one person that do not depend on how many workers there are. */
export const personBudgets = {
  /** Commands a minute: more than anybody types, less than a script in a loop sends. */
  commandsPerMinute: 300,
  /** Refusals an hour for want of a right that are entered in the ledger one by one; beyond them only every doubling of their number is. */
  denialsPerHour: 20,
  /** The same of refusals for what was asked, by somebody with the right to ask. */
  refusalsPerHour: 1_000,
} as const;

/** How many of what may be worked at once. */
export type FairShares = {
  /** Checks that one person may have running: a silent server holds a worker for 40 s. */
  readonly checksOfPerson: number;
  /** Checks of many endpoints, of everybody: with watch's 8 shards they have to fit into the prober's reserved concurrency. One person has one. */
  readonly checksOfManyInAll: number;
  /** Checks of one hostname, whoever asks: more would only repeat the answer, and the server meets two sessions at a time. */
  readonly checksOfTarget: number;
  /** Checks of everybody. */
  readonly checksInAll: number;
  /** Changes that one person may have under way; further ones wait for them, in order. */
  readonly changesOfPerson: number;
  /** Work of everybody that holds a worker for long. The rest stays free for announcements, alerts, reads and for admitting commands. */
  readonly longWorkInAll: number;
};

/**
 * How so many workers (3 or more) are shared. One person's commands are admitted one after the other, so that whoever sends many takes one worker for that,
 * and what is allowed here for the rest: with four workers, that leaves two to everybody else.
 */
export const fairShares = (workers: number): FairShares => ({
  checksOfPerson: Math.max(1, Math.floor(workers / 5)),
  checksOfManyInAll: 2,
  checksOfTarget: 2,
  checksInAll: Math.max(1, Math.floor(workers / 2)),
  changesOfPerson: Math.max(1, Math.floor(workers / 2)),
  longWorkInAll: Math.max(workers - 2, Math.floor(workers * 0.75)),
});

/** What a command holds a worker for. */
export type WorkKind = 'check' | 'check-many' | 'change';

/** What runs, or waits to be worked: by whom, and for a check of one hostname which. `person` is team and user id. */
export type Running = { readonly person: string; readonly kind: WorkKind | 'waiting'; readonly target: string };

/** Whether a check is of many: of all that is registered, or of what fits a pattern. */
export const isOfMany = (text: string): boolean => text.toLowerCase() === 'all' || text.includes('*');

const deciding: ReadonlySet<Command['verb']> = new Set(['undo', 'approve', 'import']);

/** What a command will hold a worker for; undefined where it only reads. */
export const workOf = (command: Command): Pick<Running, 'kind' | 'target'> | undefined => {
  if (command.verb === 'home' || command.verb === 'mute' || command.verb === 'unmute') return undefined;
  if (command.verb === 'check') {
    if (command.result !== undefined) return undefined;
    const { hostname } = command;
    return isOfMany(hostname) ? { kind: 'check-many', target: '' } : { kind: 'check', target: hostname.toLowerCase() };
  }
  if (deciding.has(command.verb)) return { kind: 'change', target: '' };
  const hostname = changedHostname(command);
  return hostname === undefined ? undefined : { kind: 'change', target: hostname.toLowerCase() };
};

export type Share =
  | { readonly kind: 'free' }
  /** Refused, with what to do. */
  | { readonly kind: 'refused'; readonly message: string }
  /** To be worked when something of the person's has ended. */
  | { readonly kind: 'later' };

const free: Share = { kind: 'free' };
const refused = (message: string): Share => ({ kind: 'refused', message });
const again = 'Nothing was probed. Ask again when one has ended; a check takes 40 s at most.';

/** What a change waits for, in words. */
export const waitsFor = (person: string, known: readonly Running[], shares: FairShares): string => {
  const own = known.filter((each) => each.person === person && each.kind === 'change').length;
  return own >= shares.changesOfPerson
    ? `you have ${own} changes under way, as many as one person may`
    : 'as many changes and checks are under way, of everybody together, as may be at once';
};

/**
 * Whether a person may begin such work beside what runs and waits; pure. Checks are refused, for they are asked for again; changes wait, for they are not to
 * be lost, and begin in the order in which they were asked for.
 */
export const shareOf = (work: Running, known: readonly Running[], shares: FairShares): Share => {
  const isCheck = ({ kind }: Running): boolean => kind !== 'change';
  const running = known.filter(({ kind }) => kind !== 'waiting');
  const own = running.filter(({ person }) => person === work.person);
  if (work.kind === 'change') {
    const isBehind = known.some(({ person, kind }) => person === work.person && kind === 'waiting');
    const isFull = own.filter(({ kind }) => kind === 'change').length >= shares.changesOfPerson;
    return isBehind || isFull || running.length >= shares.longWorkInAll ? { kind: 'later' } : free;
  }
  if (work.kind === 'check-many') {
    if (own.some(({ kind }) => kind === 'check-many'))
      return refused(`You have a check of many endpoints running. ${again}`);
    if (running.filter(({ kind }) => kind === 'check-many').length >= shares.checksOfManyInAll)
      return refused(`${shares.checksOfManyInAll} checks of many endpoints are running. ${again}`);
  }
  const ownChecks = own.filter(isCheck).length;
  if (ownChecks >= shares.checksOfPerson)
    return refused(`You have ${ownChecks} checks running, as many as one person may have. ${again}`);
  const ofTarget = running.filter(({ kind, target }) => kind === 'check' && target === work.target).length;
  if (work.kind === 'check' && ofTarget >= shares.checksOfTarget)
    return refused(`${work.target} is being checked ${ofTarget} times already. ${again}`);
  if (running.filter(isCheck).length >= shares.checksInAll || running.length >= shares.longWorkInAll)
    return refused(`As many checks are running as may run at once, of everybody together. ${again}`);
  return free;
};

/** Whether the n-th refusal of a person in an hour is entered in the ledger: each of the `first`, then every doubling. */
export const isEntered = (count: number, first: number): boolean =>
  count <= first || Number.isInteger(Math.log2((count - 1) / first));
