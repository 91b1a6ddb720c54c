import type { Definition } from '../../core/endpoint/definition.ts';
import { asksPostal, type EndpointFilter, isDefinedSo, isInState } from '../../core/filter/endpoint-filter.ts';
import { chosenByPostal } from '../../core/filter/in-postal.ts';
import type { EndpointStatus } from '../../core/watch/endpoint-status.ts';
import type { Ports } from '../ports/ports.ts';
import { newestSnapshot } from '../state/postal/postal-report-store.ts';

type ChoosingPorts = Pick<Ports, 'state' | 'clock' | 'policy' | 'profile'>;
type Named = Pick<Definition, 'targets' | 'standby' | 'owner'> & { readonly hostname: string };

export type Choice =
  | {
      readonly ok: true;
      readonly isChosen: (definition: Named) => boolean;
      /** Of the snapshot that was asked; milliseconds since the epoch. */
      readonly snapshotAtMs?: number;
    }
  | { readonly ok: false; readonly lines: readonly string[] };

/** Loaded with the first filter that asks for states. */
const readStates = async (ports: ChoosingPorts, signal: AbortSignal): Promise<readonly EndpointStatus[]> => {
  const { endpointStates } = await import('../watch/endpoint-states.ts');
  return endpointStates(ports, signal);
};

/**
 * Which hostnames a filter means, by what is registered, what watch has seen and what Postal has reported; only what the filter asks for is read.
 * `statuses`: how the endpoints are, where the caller has read that already.
 */
export const chooseEndpoints = async (
  ports: ChoosingPorts,
  filter: EndpointFilter,
  signal: AbortSignal,
  statuses?: readonly EndpointStatus[],
): Promise<Choice> => {
  const [known, newest] = await Promise.all([
    filter.state === undefined ? [] : (statuses ?? readStates(ports, signal)),
    asksPostal(filter) ? newestSnapshot(ports.state, signal) : undefined,
  ]);
  const byPostal = asksPostal(filter) ? chosenByPostal(filter, newest?.snapshot) : undefined;
  if (byPostal?.ok === false) return { ok: false, lines: [byPostal.line] };
  const inState = new Set<string>(
    known.filter((status) => isInState(filter, status)).map(({ registered }) => registered.definition.hostname),
  );
  return {
    ok: true,
    isChosen: (definition) =>
      isDefinedSo(filter, definition) &&
      (filter.state === undefined || inState.has(definition.hostname)) &&
      (byPostal?.isChosen(definition.hostname) ?? true),
    ...(newest && { snapshotAtMs: newest.snapshot.atMs }),
  };
};
