/**
 * What goes wrong with one call: an HTTP status; a call that takes effect but whose answer is lost; one lost before it takes effect;
 * one never answered; one of Slack's error codes; or a redirect.
 */
export type Fault =
  | 429
  | 500
  | 503
  | 'lost-answer'
  | 'lost-request'
  | 'no-answer'
  | { readonly error: string }
  | { readonly redirect: string };

/** Faults for tests and for trying things out. `method` is a Web API method, `response_url`, `upload` for the bytes of a file that the bot sends, or `files-pri` for those that it reads. */
export type Faults = {
  /** The next calls of `method` meet these, one each, in this order. */
  add(method: string, ...faults: readonly Fault[]): void;
  take(method: string): Fault | undefined;
  clear(): void;
};

export const createFaults = (): Faults => {
  const queues = new Map<string, Fault[]>();
  return {
    add: (method, ...faults) => void queues.set(method, [...(queues.get(method) ?? []), ...faults]),
    take: (method) => queues.get(method)?.shift(),
    clear: () => queues.clear(),
  };
};
