import { retriesInPlaintext } from '../../core/postal/session-entry.ts';
import { reconnectsAfter, transactionOver } from '../../core/postal/transaction.ts';
import type { AddressReport, FurtherSession } from '../../core/probe-report/report.ts';
import type { SessionSettings, SessionTarget } from '../smtp/session-target.ts';
import { runSmtpSession, type Session } from '../smtp/smtp-session.ts';

/** What was met at one address, and whether Postal would have settled there, not gone on to the next. */
export type AddressProbe = {
  readonly report: AddressReport;
  readonly settles: boolean;
  readonly localAddress?: string;
};

/**
 * Makes the connections to one address that Postal would make, in its order.
 *
 * | what happens | then |
 * | --- | --- |
 * | TLS fails in OpenSSL, mode Auto | once more without TLS |
 * | the transaction breaks off (reset, or an error of OpenSSL) | once more as at first |
 */
export const probeAsPostal = async (
  target: SessionTarget,
  settings: SessionSettings,
  signal: AbortSignal,
): Promise<AddressProbe> => {
  const { ip, port, encryption, transaction } = target;
  const first = await runSmtpSession(target, settings, signal);
  const further: FurtherSession[] = [];
  let latest: Session = first;
  if (retriesInPlaintext(first.entry, encryption)) {
    latest = await runSmtpSession({ ...target, encryption: 'none', sslMode: 'None' }, settings, signal);
    further.push({ purpose: 'plaintext-retry', ...latest.facts });
  }
  const settles = latest.entry.kind === 'entered';
  if (settles && transaction !== undefined && reconnectsAfter(transactionOver(latest.facts))) {
    const { facts } = await runSmtpSession(target, settings, signal);
    further.push({ purpose: 'reconnect', ...facts });
  }
  return {
    report: { ip, port, ...first.facts, ...(further.length > 0 && { further }) },
    settles,
    ...(first.localAddress !== undefined && { localAddress: first.localAddress }),
  };
};
