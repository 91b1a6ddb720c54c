import dgram from 'node:dgram';
import net from 'node:net';

const isLoopback = (host: string): boolean => {
  const address = host.replace(/^\[|\]$/g, '').toLowerCase();
  const ipv4 = address.replace(/^::ffff:(?=\d+\.)/, '');
  // The unspecified address leads to this machine.
  return (
    address === '0.0.0.0' ||
    address === 'localhost' ||
    address === '::1' ||
    (net.isIPv4(ipv4) && ipv4.startsWith('127.')) ||
    /^::ffff:7f[0-9a-f]{2}:/.test(address)
  );
};

const refuse = (what: string, host: string): never => {
  throw new Error(`A test tried to reach ${host} by ${what}: tests stay on 127.0.0.0/8, ::1 and unix sockets`);
};

const hostOf = (options: unknown): string | undefined => {
  if (typeof options !== 'object' || options === null) return undefined;
  if ('path' in options && typeof options.path === 'string') return undefined;
  return 'host' in options && typeof options.host === 'string' ? options.host : 'localhost';
};

/** `connect(options)`, `connect(port, host?)`, `connect(path)`, or the array into which node:net has already sorted these. */
const tcpHost = (args: readonly unknown[]): string | undefined => {
  const [first, second] = args;
  if (Array.isArray(first)) return tcpHost(first);
  if (typeof first === 'object') return hostOf(first);
  if (typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first)))
    return typeof second === 'string' ? second : 'localhost';
  return undefined;
};

type Method = (this: unknown, ...args: unknown[]) => unknown;

const guard = (
  owner: object,
  name: string,
  what: string,
  hostIn: (args: readonly unknown[]) => string | undefined,
): void => {
  const original = Reflect.get(owner, name) as Method;
  const guarded: Method = function (...args) {
    const host = hostIn(args);
    if (host !== undefined && !isLoopback(host)) refuse(what, host);
    return original.apply(this, args);
  };
  Reflect.set(owner, name, guarded);
};

/** `send(message, [offset, length,] port?, address?, callback?)`: the address is the last text after the message. */
const udpSendHost = (args: readonly unknown[]): string | undefined =>
  args.slice(1).findLast((value) => typeof value === 'string');

guard(net.Socket.prototype, 'connect', 'TCP', tcpHost);
guard(dgram.Socket.prototype, 'connect', 'UDP', ([, address]) => (typeof address === 'string' ? address : 'localhost'));
guard(dgram.Socket.prototype, 'send', 'UDP', udpSendHost);
