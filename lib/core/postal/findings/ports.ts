import type { AddressReport } from '../../probe-report/report.ts';
import type { ProbeFinding } from './finding.ts';
import { failedAt, finding, ipsOf, type Situation } from './situation.ts';
import { listed } from './words.ts';

const plaintextPorts: ReadonlySet<number> = new Set([25, 587]);
const implicitTlsPort = 465;
/** A TLS alert or handshake record, as it looks to someone who expected text. */
const tlsRecords: readonly string[] = ['\u0015\u0003', '\u0016\u0003'];

const isPlaintextWhereTls = (address: AddressReport): boolean => {
  const failed = failedAt(address, 'tls');
  if (failed?.reason === undefined || failed.reason === 'deadline') return false;
  return (
    (failed.reason === 'wrong-version' && /wrong version number/i.test(failed.detail ?? '')) ||
    plaintextPorts.has(address.port)
  );
};

const isTlsWherePlaintext = (address: AddressReport): boolean => {
  const failed = failedAt(address, 'banner');
  if (failed === undefined || failed.reply !== undefined || failed.reason === 'deadline') return false;
  return address.port === implicitTlsPort || tlsRecords.some((record) => failed.detail?.startsWith(record));
};

/** The addresses at which the port speaks TLS from the first byte and the mode does not, or the other way round. */
export const swappedAddresses = <Address extends AddressReport>(
  addresses: readonly Address[],
  sslMode: Situation['report']['sslMode'],
): readonly Address[] => addresses.filter(sslMode === 'TLS' ? isPlaintextWhereTls : isTlsWherePlaintext);

/** SSL mode and port that do not go together, where that is why Postal does not get in. */
export const portFindings = ({ report, addresses, severity }: Situation): readonly ProbeFinding[] => {
  const swapped = swappedAddresses(addresses, report.sslMode);
  if (swapped.length === 0) return [];
  const where = `port ${report.port} of ${listed(ipsOf(swapped))}`;
  return report.sslMode === 'TLS'
    ? [
        finding(
          'port-mode-swapped',
          severity,
          `Mode TLS speaks TLS from the first byte, but ${where} does not.`,
          `Set the SSL mode to Auto, or use the server's port for implicit TLS, mostly ${implicitTlsPort}.`,
        ),
      ]
    : [
        finding(
          'port-mode-swapped',
          severity,
          `Mode ${report.sslMode} waits for a greeting in plaintext, but ${where} is one for TLS from the first byte.`,
          "Set the SSL mode to TLS, or use the server's port 25.",
        ),
      ];
};
