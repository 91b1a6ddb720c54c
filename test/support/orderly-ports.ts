import { setImmediate } from 'node:timers/promises';
import type { Ports } from '../../lib/app/ports/ports.ts';
import { crashingPorts } from './cloud/crashing-ports.ts';

const writes =
  /^(DynamoDB ledger append|DynamoDB state (put|remove)|Route 53 submit|SQS send|Slack (reply|post|postInThread|edit|publishHome))$/;

/** Ports whose every call takes a while, and what was wrong with the order in which they were called. */
export type OrderlyPorts = {
  readonly ports: Ports;
  /** Every write or probe that began before an earlier write had ended. */
  readonly overlaps: readonly string[];
  /** Calls that have begun and not ended. */
  readonly pending: () => readonly string[];
};

/** Slows every call to the outside down, so that a write that nobody waited for is still under way when the next one begins. */
export const orderlyPorts = (ports: Ports): OrderlyPorts => {
  const pending: string[] = [];
  const overlaps: string[] = [];
  const call = async <Value>(label: string, make: () => Promise<Value>): Promise<Value> => {
    if (writes.test(label))
      overlaps.push(...pending.filter((other) => writes.test(other)).map((other) => `${other}, then ${label}`));
    pending.push(label);
    try {
      await setImmediate();
      return await make();
    } finally {
      pending.splice(pending.indexOf(label), 1);
    }
  };
  return {
    ports: crashingPorts(ports, { died: new Promise(() => undefined), call }),
    overlaps,
    pending: () => [...pending],
  };
};
