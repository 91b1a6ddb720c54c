/** Services that a person may have typed for a port. */
const services: ReadonlyMap<string, number> = new Map([
  ['ftp', 21],
  ['ssh', 22],
  ['telnet', 23],
  ['smtp', 25],
  ['mail', 25],
  ['domain', 53],
  ['http', 80],
  ['www', 80],
  ['pop3', 110],
  ['pop-3', 110],
  ['imap', 143],
  ['imap2', 143],
  ['https', 443],
  ['submissions', 465],
  ['ssmtp', 465],
  ['smtps', 465],
  ['urd', 465],
  ['submission', 587],
  ['imaps', 993],
  ['pop3s', 995],
]);

/** Postal's own default. */
const defaultPort = 25;

const lowestBits = (port: bigint): number | undefined =>
  BigInt.asIntN(32, port) < 0n ? undefined : Number(BigInt.asUintN(16, port));

/**
 * Where Postal's socket connects for what is in the endpoint's port: the lowest 16 bits of a number, the port of a service, 25 for nothing;
 * undefined where there is no connection at all: a fraction, a number that is negative to the C library, which keeps 32 bits of it, an unknown service.
 */
export const connectPortOf = (port: number | string | null): number | undefined => {
  if (port === null) return defaultPort;
  if (typeof port === 'number') return Number.isSafeInteger(port) && port >= 0 ? lowestBits(BigInt(port)) : undefined;
  if (/^\s*\+?\d+$/.test(port)) return lowestBits(BigInt(port.trim().replace('+', '')));
  return port === '' ? defaultPort : services.get(port);
};
