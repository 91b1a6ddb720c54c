import type { AddressProbe } from './as-postal.ts';

/** No answer to any SYN, for as long as a probe waits for one. */
const isSilent = ({ report: { stages } }: AddressProbe): boolean =>
  stages.some(({ stage, status, reason }) => stage === 'connect' && status === 'failed' && (reason === 'slow' || reason === 'timeout'));

/**
 * Addresses that did not answer. Where many names lead to one machine that is dead, each would wait for a session in turn, and most would not have theirs
 * before their time is over: who waited while the address was silent has seen the same.
 */
export class SilentAddresses {
  readonly #silent = new Map<string, { readonly untilMs: number; readonly probe: AddressProbe }>();

  /** What was met by another since `sinceMs`; else what `probe` meets. */
  async since(sinceMs: number, address: string, probe: () => Promise<AddressProbe>): Promise<AddressProbe> {
    const known = this.#silent.get(address);
    if (known !== undefined && known.untilMs >= sinceMs) return known.probe;
    const met = await probe();
    if (isSilent(met)) this.#silent.set(address, { untilMs: performance.now(), probe: met });
    else this.#silent.delete(address);
    return met;
  }
}
