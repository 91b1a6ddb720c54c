import { setImmediate } from 'node:timers/promises';
import type { Ports } from '../../lib/app/ports/ports.ts';

const writes =
  /^(ledger append|state (put|remove)|Route 53 submit|queue send|Slack (reply|post|postInThread|edit|publishHome|upload)|clock sleep) ?/;
/** A write takes longer than all the reads that may follow it. */
const ticks = { write: 25, read: 1 };

/** Ports whose every call takes a while, and the order in which they were called. */
export type OrderlyPorts = {
  readonly ports: Ports;
  /** Every write, in the order in which they began: `ledger append applied`, `state put directory`. */
  readonly written: string[];
  /** Every write or probe that began before an earlier write had ended. */
  readonly overlaps: readonly string[];
  /** Calls that have begun and not ended. */
  readonly pending: () => readonly string[];
};

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** What a write is about: the kind of a ledger entry, the collection of a state item. */
const detailOf = (service: string, [first]: readonly unknown[]): string => {
  if (service === 'ledger') return String(memberOf(memberOf(first, 'body'), 'kind') ?? '');
  if (service !== 'state') return '';
  return String(typeof first === 'string' ? first : memberOf(first, 'collection'));
};

/** Slows every call to the outside down, so that a write that nobody waited for is still under way when the next one begins. */
export const orderlyPorts = (ports: Ports): OrderlyPorts => {
  const pending: string[] = [];
  const overlaps: string[] = [];
  const written: string[] = [];
  const call = async (label: string, make: () => unknown): Promise<unknown> => {
    const isWrite = writes.test(label);
    if (isWrite && label !== 'clock sleep') written.push(label);
    if (isWrite || label.startsWith('prober '))
      overlaps.push(
        ...pending
          // An answer may come before the end of a pause that runs beside it, but nothing is sent again.
          .filter((other) =>
            other === 'clock sleep' ? /^(Route 53 submit|Slack post|clock sleep)/.test(label) : writes.test(other),
          )
          .map((other) => `${other}, then ${label}`),
      );
    pending.push(label);
    try {
      for (let left = isWrite ? ticks.write : ticks.read; left > 0; left -= 1) await setImmediate();
      return await make();
    } finally {
      pending.splice(pending.indexOf(label), 1);
    }
  };
  const slowed = <Port extends object>(service: string, port: Port): Port =>
    new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        // What time it is, is known at once; what is read page by page is only read.
        if (typeof member !== 'function' || key === 'now' || key === 'byDay') return member;
        return (...given: unknown[]) =>
          call(`${service} ${String(key)} ${detailOf(service, given)}`.trim(), () =>
            Reflect.apply(member, target, given),
          );
      },
    });
  return {
    ports: {
      ...ports,
      clock: slowed('clock', ports.clock),
      zones: slowed('Route 53', ports.zones),
      zoneListing: slowed('Route 53', ports.zoneListing),
      ledger: slowed('ledger', ports.ledger),
      state: slowed('state', ports.state),
      queue: slowed('queue', ports.queue),
      prober: slowed('prober', ports.prober),
      messenger: slowed('Slack', ports.messenger),
      files: slowed('Slack', ports.files),
    },
    written,
    overlaps,
    pending: () => [...pending],
  };
};
