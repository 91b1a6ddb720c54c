import type { FailoverProbes } from '../../messages/change/failover-message.ts';
import type { Ports } from '../ports/ports.ts';
import { asProbed, probedJson } from './directory.ts';

/** Scratch: what the plan's message shows. The ledger keeps what the requester was warned of. */
const collection = 'failover-probes';
const keptSeconds = 86_400;

const keyOf = (changeId: string, which: keyof FailoverProbes): string => `${changeId} ${which}`;

export const saveFailoverProbes = async (
  { state, clock }: Pick<Ports, 'state' | 'clock'>,
  changeId: string,
  probes: FailoverProbes,
  signal: AbortSignal,
): Promise<void> => {
  const expiresAt = Math.floor(clock.now() / 1000) + keptSeconds;
  for (const which of ['standby', 'current'] as const) {
    await state.put(
      { collection, key: keyOf(changeId, which), value: probedJson(probes[which]), expiresAt },
      false,
      signal,
    );
  }
};

/** Undefined where they are gone. */
export const failoverProbes = async (
  { state }: Pick<Ports, 'state'>,
  changeId: string,
  signal: AbortSignal,
): Promise<FailoverProbes | undefined> => {
  const [standby, current] = await Promise.all(
    (['standby', 'current'] as const).map(async (which) =>
      asProbed((await state.get(collection, keyOf(changeId, which), signal))?.value),
    ),
  );
  return standby === undefined || current === undefined ? undefined : { standby, current };
};
