import { targetsOf } from '../../core/dns/registered.ts';
import type { Registered } from '../../core/endpoint/registered.ts';
import type { EndpointFilter } from '../../core/filter/endpoint-filter.ts';
import { checkPort } from '../../core/validation/port-rules.ts';
import { checkSslMode } from '../../core/validation/ssl-mode-rules.ts';
import { chooseEndpoints } from '../filter/choose-endpoints.ts';
import { chooseUnregistered } from '../filter/choose-unregistered.ts';
import type { Ports, Request } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';

/** What is to be probed. */
export type ChosenEndpoints = {
  readonly endpoints: readonly Registered[];
  /** Whether they are registered, so that what is seen of them is kept. */
  readonly areRegistered: boolean;
  /** What could not be read, a sentence each. */
  readonly troubles: readonly string[];
};

type Answer = ChosenEndpoints | { readonly lines: readonly string[] };

/** Registered endpoints that a filter means and that the person may check. */
export const chooseRegistered = async (
  ports: Ports,
  filter: EndpointFilter,
  may: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<Answer> => {
  const choice = await chooseEndpoints(ports, filter, signal);
  if (!choice.ok) return choice;
  const endpoints = (await listRegistered(ports.state, signal)).filter(
    ({ definition }) => choice.isChosen(definition) && may(definition.hostname),
  );
  return { endpoints, areRegistered: true, troubles: [] };
};

/** The same of names that nobody registered: port and mode as given, else Postal's defaults. */
export const chooseUnregisteredNames = async (
  ports: Ports,
  { port: portText, sslMode: modeText }: Request<'check'>['command'],
  filter: EndpointFilter,
  may: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<Answer> => {
  const [{ port, findings }, { sslMode, findings: others }] = [
    checkPort(portText, ports.policy),
    checkSslMode(modeText),
  ];
  if (port === undefined || sslMode === undefined)
    return { lines: [...findings, ...others].map(({ argument, wrong, right }) => `${argument}: ${wrong} ${right}`) };
  const choice = await chooseUnregistered(ports, filter, may, signal);
  if (!choice.ok) return choice;
  const at = new Date(ports.clock.now()).toISOString();
  const endpoints = choice.names.map(({ hostname, records }): Registered => {
    // What an alias or a routing policy leads to, only the resolver knows.
    const targets = targetsOf(records) ?? { kind: 'cname', cname: hostname };
    const ttlSeconds = records[0]?.ttlSeconds ?? 0;
    return { definition: { hostname, targets, port, sslMode, ttlSeconds }, changeId: '', userId: '', at };
  });
  const troubles = choice.unread.map(({ name, why }) => `Zone ${name} could not be read: ${why}`);
  return { endpoints, areRegistered: false, troubles };
};
