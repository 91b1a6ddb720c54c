import type { AddressProbe } from './as-postal.ts';

/** Nothing at all was heard, neither to any SYN nor on an established connection, for as long as the probe waits. */
const isSilent = ({ report: { stages, banner } }: AddressProbe): boolean => {
  const reason = stages.find(({ status }) => status === 'failed')?.reason;
  return banner === undefined && (reason === 'slow' || reason === 'timeout');
};

/**
 * Addresses that said nothing. Where many names lead to one machine that is dead or hangs, each would wait for a session in turn, and most would not have
 * theirs before their time is over: who waited while the address was silent has seen the same.
 */
export class SilentAddresses {
  readonly #silent = new Map<string, { readonly untilMs: number; readonly probe: AddressProbe }>();

  /** What was met by another since `sinceMs`; else what `probe` meets. Of the same key are those that wait alike. */
  async since(sinceMs: number, key: string, probe: () => Promise<AddressProbe>): Promise<AddressProbe> {
    const known = this.#silent.get(key);
    if (known !== undefined && known.untilMs >= sinceMs) return known.probe;
    const met = await probe();
    if (isSilent(met)) this.#silent.set(key, { untilMs: performance.now(), probe: met });
    else this.#silent.delete(key);
    return met;
  }
}
