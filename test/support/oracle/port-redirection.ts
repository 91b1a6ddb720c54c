import { Socket } from 'node:net';

type Method = (this: unknown, ...args: unknown[]) => unknown;

const isTarget = (options: unknown, ip: string, port: number): options is object =>
  typeof options === 'object' &&
  options !== null &&
  'host' in options &&
  options.host === ip &&
  'port' in options &&
  Number(options.port) === port;

/**
 * Sends connections for a privileged port of one loopback address to another port of it, in this process, until disposed:
 * what a firewall's REDIRECT would do, without its rights.
 */
export const redirectPort = (ip: string, privilegedPort: number, port: number): Disposable => {
  const original = Reflect.get(Socket.prototype, 'connect') as Method;
  let isOn = true;
  const redirected: Method = function (first, ...rest) {
    // What node:net has sorted already is marked by a symbol, so its array stays the same one.
    if (isOn && Array.isArray(first) && isTarget(first[0], ip, privilegedPort)) first[0] = { ...first[0], port };
    return original.call(this, isOn && isTarget(first, ip, privilegedPort) ? { ...first, port } : first, ...rest);
  };
  Reflect.set(Socket.prototype, 'connect', redirected);
  return {
    [Symbol.dispose]() {
      isOn = false;
    },
  };
};
