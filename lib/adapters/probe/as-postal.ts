import { brokenOffBy } from '../../core/postal/broken-off.ts';
import type { AddressReport, FurtherSession, SessionFacts } from '../../core/probe-report/report.ts';
import { runSmtpSession, type Session, type SessionSettings, type SessionTarget } from '../smtp/smtp-session.ts';

/** What was met at one address, and whether Postal would have settled there, not gone on to the next. */
export type AddressProbe = {
  readonly report: AddressReport;
  readonly settles: boolean;
  readonly localAddress?: string;
};

/** What ended the connection, when it did not end in order; the stages of taking leave do not count. */
const brokenOff = ({ stages }: SessionFacts): 'tls' | 'reset' | undefined => {
  const last = stages.findLast(({ stage, status }) => status !== 'skipped' && stage !== 'rset' && stage !== 'quit');
  return last && brokenOffBy(last);
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
  if (!first.enters && encryption === 'opportunistic' && brokenOff(first.facts) === 'tls') {
    latest = await runSmtpSession({ ...target, encryption: 'none', sslMode: 'None' }, settings, signal);
    further.push({ purpose: 'plaintext-retry', ...latest.facts });
  }
  if (latest.enters && transaction !== undefined && brokenOff(latest.facts) !== undefined) {
    const { facts } = await runSmtpSession(target, settings, signal);
    further.push({ purpose: 'reconnect', ...facts });
  }
  return {
    report: { ip, port, ...first.facts, ...(further.length > 0 && { further }) },
    settles: latest.enters,
    ...(first.localAddress !== undefined && { localAddress: first.localAddress }),
  };
};
