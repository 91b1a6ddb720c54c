import { entryOver } from '../postal/entry.ts';
import { breaksOff } from '../postal/transaction.ts';
import type { AddressReport, FurtherSession } from './report.ts';
import { runSmtpSession, type Session, type SessionSettings, type SessionTarget } from './smtp-session.ts';

/** What was met at one address, and whether Postal would have gone on to the next. */
export type AddressProbe = { readonly report: AddressReport; readonly settles: boolean; readonly localAddress?: string };

const reported = ({ ip, port }: SessionTarget, session: Session, further: readonly FurtherSession[]): AddressReport => ({
  ip,
  port,
  ...session.facts,
  ...(further.length > 0 && { further }),
});

/**
 * Makes the connections to one address that Postal would make, in its order.
 *
 * | what happens | then |
 * | --- | --- |
 * | TLS fails in OpenSSL, mode Auto | once more without TLS |
 * | the transaction breaks off (reset, or an error of OpenSSL) | once more as at first |
 */
export const probeAsPostal = async (target: SessionTarget, settings: SessionSettings, signal: AbortSignal): Promise<AddressProbe> => {
  const { ip, port, encryption } = target;
  const first = await runSmtpSession(target, settings, signal);
  const localAddress = first.localAddress === undefined ? {} : { localAddress: first.localAddress };
  const further: FurtherSession[] = [];
  let facts = first.facts;
  let entry = entryOver(facts, ip, port, encryption);
  if (entry.kind === 'failed' && entry.error.kind === 'tls' && encryption === 'opportunistic') {
    const { facts: plain } = await runSmtpSession({ ...target, encryption: 'none', sslMode: 'None' }, settings, signal);
    further.push({ purpose: 'plaintext-retry', ...plain });
    facts = plain;
    entry = entryOver(facts, ip, port, 'none');
  }
  if (entry.kind === 'entered' && target.transaction !== undefined && breaksOff(facts)) {
    const { facts: again } = await runSmtpSession(target, settings, signal);
    further.push({ purpose: 'reconnect', ...again });
  }
  return { report: reported(target, first, further), settles: entry.kind === 'entered', ...localAddress };
};
