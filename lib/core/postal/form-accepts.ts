import { sslModes } from '../endpoint/definition.ts';

const isPort = (port: number | string | null): boolean =>
  port === null ||
  (typeof port === 'number' ? Number.isInteger(port) : port.trim() === '' || /^\s*[+-]?\d+\s*$/.test(port));

/**
 * Whether Postal's form saves an endpoint with these values: a hostname of `a-z 0-9 . -`, an integer of any size or nothing for the port, one of
 * its four modes. What it means is not looked at: an address, two dots in a row and port 70000 can be saved.
 */
export const formAccepts = (hostname: string, port: number | string | null, sslMode: string): boolean =>
  /^[a-z0-9.-]+$/.test(hostname) &&
  !hostname.includes('\n') &&
  isPort(port) &&
  sslModes.some((mode) => mode === sslMode);
