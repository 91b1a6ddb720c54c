import type { Probed } from '../../core/probe-report/report.ts';
import type { Ports } from '../ports/ports.ts';
import { saveProbe } from './directory.ts';

type KeepingPorts = Pick<Ports, 'state' | 'log'>;

/** Writes something that only spares or explains later work: where it cannot be kept, that is logged, and the work at hand goes on. */
export const keep = async (
  { log }: Pick<Ports, 'log'>,
  what: string,
  fields: Readonly<Record<string, string>>,
  write: () => Promise<unknown>,
): Promise<void> => {
  try {
    await write();
  } catch (error) {
    log.warn(`${what} could not be remembered`, { ...fields, error });
  }
};

/** Keeps the last probe of a hostname. One that cannot be saved stops nothing: people see its result all the same, and the next probe is saved instead. */
export const keepProbe = (ports: KeepingPorts, hostname: string, probed: Probed, signal: AbortSignal): Promise<void> =>
  keep(ports, 'a probe', { hostname }, () => saveProbe(ports.state, hostname, probed, signal));
