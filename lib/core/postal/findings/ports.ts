import type { AddressReport } from '../../probe-report/report.ts';
import type { ProbeFinding } from './finding.ts';
import { failedAt, finding, ipsOf, type Situation } from './situation.ts';
import { listed } from './words.ts';

const plaintextPorts: ReadonlySet<number> = new Set([25, 587]);
const implicitTlsPort = 465;
/** The first two bytes of a TLS alert or handshake record. */
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

/** The addresses at which only one of port and SSL mode uses implicit TLS. */
export const swappedAddresses = <Address extends AddressReport>(
  addresses: readonly Address[],
  sslMode: Situation['report']['sslMode'],
): readonly Address[] => addresses.filter(sslMode === 'TLS' ? isPlaintextWhereTls : isTlsWherePlaintext);

/** The finding that SSL mode and port do not match, where that keeps Postal from delivering. */
export const portFindings = ({ report, addresses, severity }: Situation): readonly ProbeFinding[] => {
  const swapped = swappedAddresses(addresses, report.sslMode);
  if (swapped.length === 0) return [];
  const where = `port ${report.port} of ${listed(ipsOf(swapped))}`;
  return report.sslMode === 'TLS'
    ? [
        finding(
          'port-mode-swapped',
          severity,
          `Mode TLS uses implicit TLS, but ${where} does not.`,
          `Set the SSL mode to Auto, or use the server's port for implicit TLS, usually ${implicitTlsPort}.`,
        ),
      ]
    : [
        finding(
          'port-mode-swapped',
          severity,
          `Mode ${report.sslMode} waits for a plaintext greeting, but ${where} uses implicit TLS.`,
          "Set the SSL mode to TLS, or use the server's port 25.",
        ),
      ];
};
