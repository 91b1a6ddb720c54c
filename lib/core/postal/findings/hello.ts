import type { AddressReport, Stage } from '../../probe-report/report.ts';
import type { ProbeFinding } from './finding.ts';
import { failedAt, finding, ipsOf, type Situation, stageOf } from './situation.ts';
import { agreed, listed, saying } from './words.ts';

const isBusy = ({ reply, stage }: Stage): boolean => reply?.code === 421 && stage !== 'quit';

/** The EHLO that came to nothing, with no HELO to take its place. */
const lostHello = (address: AddressReport): Stage | undefined =>
  stageOf(address, 'helo')?.status === 'passed'
    ? undefined
    : (failedAt(address, 'ehlo') ?? failedAt(address, 'ehlo-tls'));

/** EHLO and HELO, and 421 wherever it comes. */
export const helloFindings = ({ addresses, report, severity, profile }: Situation): readonly ProbeFinding[] => {
  const busy = addresses.filter(({ stages }) => stages.some(isBusy));
  const others = addresses.filter((address) => !busy.includes(address));
  const plain = others.filter((address) => failedAt(address, 'ehlo') !== undefined && lostHello(address) === undefined);
  const lost = others.filter((address) => lostHello(address) !== undefined);
  const firstLost = lost[0] && lostHello(lost[0]);
  const findings: ProbeFinding[] = [];
  if (busy.length > 0) {
    const said = busy[0]?.stages.find(isBusy)?.reply?.lines.join(' ') ?? '421';
    findings.push(
      finding(
        'server-busy',
        'warning',
        `${listed(ipsOf(busy))} ${agreed(busy, 'says', 'say')} "${saying(said)}": busy, or too many connections from this client.`,
        `Check again later. If it stays so, add ${report.seenFrom ?? 'the prober'} and Postal to the server's mynetworks, or raise its limit of connections.`,
      ),
    );
  }
  if (firstLost !== undefined) {
    const why = saying(firstLost.reply?.lines.join(' ') ?? firstLost.detail ?? '') || 'the connection ended';
    findings.push(
      finding(
        'ehlo-failed',
        severity,
        `${listed(ipsOf(lost))} ${agreed(lost, 'does', 'do')} not take EHLO${firstLost.stage === 'ehlo-tls' ? ' inside TLS' : ''}: ${why}.`,
        `Look at the server's log: it may be stuck, or dislike the name ${profile.heloHostname} that Postal gives.`,
      ),
    );
  }
  if (plain.length > 0) {
    findings.push(
      finding(
        'ehlo-refused',
        'warning',
        `${listed(ipsOf(plain))} ${agreed(plain, 'refuses', 'refuse')} EHLO and ${agreed(plain, 'takes', 'take')} HELO, so that there is no STARTTLS: plaintext only.`,
        'Look for a firewall that inspects SMTP, or a greet delay in the server, and turn that off for Postal.',
      ),
    );
  }
  return findings;
};
