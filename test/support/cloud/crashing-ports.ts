import type { Ports } from '../../../lib/app/ports/ports.ts';

/** Where a worker dies: before its call number `at` (from 0, over all invocations) has any effect, or after it has had all of it. */
export type CrashPoint = { readonly at: number; readonly when: 'before' | 'after' };

/** The calls that were made, in order; and the death that is still to come. */
export type Tally = { readonly calls: string[]; readonly point: CrashPoint | undefined };

/** One invocation's calls to the outside. Once it has died, nothing that it still waits for ever comes back. */
export interface Invocation {
  /** Resolves when the worker dies. */
  readonly died: Promise<'died'>;
  /** Makes a call, counted under its label. */
  call<Value>(label: string, make: () => Promise<Value>): Promise<Value>;
}

const forever = <Value>(): Promise<Value> => new Promise(() => undefined);

/** Begins one. */
export const beginInvocation = (tally: Tally): Invocation => {
  const { promise: died, resolve } = Promise.withResolvers<'died'>();
  let isDead = false;
  const die = <Value>(): Promise<Value> => {
    isDead = true;
    resolve('died');
    return forever();
  };
  return {
    died,
    call: async (label, make) => {
      if (isDead) return forever();
      const number = tally.calls.push(label) - 1;
      const when = tally.point?.at === number ? tally.point.when : undefined;
      if (when === 'before') return die();
      try {
        const answer = await make();
        return when === 'after' ? die() : isDead ? forever() : answer;
      } catch (error) {
        if (when === 'after') return die();
        if (isDead) return forever();
        throw error;
      }
    },
  };
};

/** A port whose every method is one call of the invocation. */
export const countedPort = <Port extends object>(service: string, port: Port, invocation: Invocation): Port =>
  new Proxy(port, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key);
      if (typeof member !== 'function') return member;
      return (...given: unknown[]) =>
        invocation.call(`${service} ${String(key)}`, async () => Reflect.apply(member, target, given));
    },
  });

/** Ports of a worker that may die at any of its calls to Route 53, DynamoDB, SQS, Lambda and Slack. */
export const crashingPorts = (ports: Ports, invocation: Invocation): Ports => ({
  ...ports,
  zones: countedPort('Route 53', ports.zones, invocation),
  zoneListing: countedPort('Route 53', ports.zoneListing, invocation),
  ledger: countedPort('DynamoDB ledger', ports.ledger, invocation),
  state: countedPort('DynamoDB state', ports.state, invocation),
  queue: countedPort('SQS', ports.queue, invocation),
  prober: countedPort('Lambda', ports.prober, invocation),
  batchProber: countedPort('Lambda', ports.batchProber, invocation),
  messenger: countedPort('Slack', ports.messenger, invocation),
  files: countedPort('Slack', ports.files, invocation),
});
