import type { Certificates } from './certificates.ts';
import { type NameserverMode, zoneOf } from './dns-answer.ts';
import { type Nameserver, startNameserver } from './nameserver.ts';
import { redirectPort } from './port-redirection.ts';
import { reservePort } from './reserved-port.ts';
import type { Scenario } from './scenario.ts';
import { startSmtpServer } from './smtp-server.ts';
import type { Dialogue } from './smtp-session.ts';

/** A scenario whose servers are up, with the ports that they have got in place of those measured. */
export type RunningScenario = AsyncDisposable & {
  readonly scenario: Scenario;
  readonly nameservers: ReadonlyMap<string, Nameserver>;
  /** One for each connection, in order of arrival. */
  readonly dialogues: readonly Dialogue[];
};

const nameserverModes: Readonly<Record<string, NameserverMode | 'closed'>> = {
  '127.53.53.1': 'zone',
  '127.53.53.2': 'SERVFAIL',
  '127.53.53.3': 'silent',
  '127.53.53.4': 'REFUSED',
  '127.53.53.5': 'closed',
  '127.53.53.6': 'NXDOMAIN',
};

const portNumbers = 65_536;
const attempts = 5;

/**
 * The scenario with other ports, in the endpoint, the listeners and Postal's words alike; what wraps round 65536 still does. Its nameservers are written
 * with theirs, `127.53.53.1:40053`.
 */
const withPorts = (scenario: Scenario, ports: ReadonlyMap<number, number>, dnsPort: number): Scenario => {
  const { inputs, postal } = scenario;
  const { port } = inputs;
  const ported =
    typeof port === 'number'
      ? port + ((ports.get(port % portNumbers) ?? port % portNumbers) - (port % portNumbers))
      : port;
  const inWords = (text: string): string =>
    typeof port === 'number' ? text.replaceAll(new RegExp(`(?<![\\d.])${port}(?!\\d)`, 'g'), String(ported)) : text;
  return {
    ...scenario,
    inputs: {
      ...inputs,
      port: ported,
      nameservers: inputs.nameservers.map((ip) => `${ip}:${dnsPort}`),
      listeners: inputs.listeners.map((listener) => ({ ...listener, port: ports.get(listener.port) ?? listener.port })),
    },
    postal: { details: inWords(postal.details), output: inWords(postal.output ?? '') },
  };
};

const startOnce = async (
  measured: Scenario,
  certificates: Certificates,
  resources: AsyncDisposableStack,
): Promise<Omit<RunningScenario, keyof AsyncDisposable>> => {
  const { inputs } = measured;
  const endpointPort = typeof inputs.port === 'number' ? inputs.port % portNumbers : 0;
  const ports = new Map<number, number>();
  for (const port of new Set([endpointPort, ...inputs.listeners.map((listener) => listener.port)])) {
    if (port !== 0) ports.set(port, resources.use(await reservePort()).port);
  }
  // A port that the endpoint leaves open or calls by name cannot be given another number there.
  if (typeof inputs.port !== 'number') {
    for (const { ip, port } of inputs.listeners) resources.use(redirectPort(ip, port, ports.get(port) ?? port));
  }
  const dnsPort = resources.use(await reservePort()).port;
  const scenario = withPorts(measured, ports, dnsPort);

  const nameservers = new Map<string, Nameserver>();
  for (const ip of inputs.nameservers) {
    const mode = nameserverModes[ip];
    if (mode === undefined) throw new Error(`${measured.id}: no nameserver has the address ${ip}`);
    if (mode !== 'closed')
      nameservers.set(ip, resources.use(await startNameserver({ ip, port: dnsPort, mode, zone: zoneOf(inputs.dns) })));
  }
  const dialogues: Dialogue[] = [];
  for (const listener of scenario.inputs.listeners)
    resources.use(await startSmtpServer({ listener, certificates, dialogues }));
  return { scenario, nameservers, dialogues };
};

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';

/** Starts every nameserver and mail server of a scenario, none of them on a privileged port. */
export const startScenario = async (measured: Scenario, certificates: Certificates): Promise<RunningScenario> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await using starting = new AsyncDisposableStack();
      const started = await startOnce(measured, certificates, starting);
      const running = starting.move();
      return { ...started, [Symbol.asyncDispose]: () => running.disposeAsync() };
    } catch (error) {
      if (attempt === attempts || !isTaken(error)) throw error;
    }
  }
};
