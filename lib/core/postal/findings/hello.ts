import type { AddressReport, Stage, StageName } from '../../probe-report/report.ts';
import { outOfStepIn } from '../out-of-step.ts';
import type { ReplyCode } from '../replies/reply-code.ts';
import { isSuccess } from '../reply.ts';
import type { ProbeFinding } from './finding.ts';
import { adviceAt, isBusyAt, replyAt, saysWhy } from './reply-advice.ts';
import { failedAt, finding, ipsOf, type Situation, stageOf } from './situation.ts';
import { agreed, listed, saying } from './words.ts';

const greeting: readonly StageName[] = ['banner', 'ehlo', 'helo', 'starttls', 'ehlo-tls'];
const isBusy = (stage: Stage): boolean => greeting.includes(stage.stage) && isBusyAt(stage);

const failedReply = (address: AddressReport, name: StageName): ReplyCode | undefined => {
  const stage = failedAt(address, name);
  return stage && replyAt(stage);
};

/** The EHLO that failed, where HELO did not succeed instead. */
const lostHello = (address: AddressReport): Stage | undefined =>
  stageOf(address, 'helo')?.status === 'passed'
    ? undefined
    : (failedAt(address, 'ehlo') ?? failedAt(address, 'ehlo-tls'));

/** Findings on EHLO and HELO, and on servers that are too busy to answer them. */
export const helloFindings = (situation: Situation): readonly ProbeFinding[] => {
  const { addresses, report, severity, profile } = situation;
  const busy = addresses.filter(({ stages }) => stages.some(isBusy));
  const others = addresses.filter((address) => !busy.includes(address));
  const plain = others.filter((address) => failedAt(address, 'ehlo') !== undefined && lostHello(address) === undefined);
  const lost = others.filter((address) => lostHello(address) !== undefined);
  const firstLost = lost[0] && lostHello(lost[0]);
  const findings: ProbeFinding[] = [];
  if (busy.length > 0) {
    const at = busy[0]?.stages.find(isBusy);
    const said = at?.reply?.lines.join(' ') ?? '421';
    findings.push(
      finding(
        'server-busy',
        'warning',
        `${listed(ipsOf(busy))} ${agreed(busy, 'answers', 'answer')} "${saying(said)}": the server is busy, or has too many connections from this client.`,
        `Check again later. If it persists, add ${report.seenFrom ?? 'the prober'} and Postal to the server's mynetworks, or raise its connection limit.`,
        at && replyAt(at),
      ),
    );
  }
  const unstepped = addresses.filter((address) => outOfStepIn(address) !== undefined);
  const stray = unstepped[0] && outOfStepIn(unstepped[0]);
  if (stray !== undefined) {
    findings.push(
      finding(
        'out-of-step',
        unstepped.some(({ reach }) => reach === 'tls' || reach === 'plaintext') ? 'critical' : severity,
        `${listed(ipsOf(unstepped))} ${agreed(unstepped, 'sends', 'send')} more than one reply at ${stray.stage} ("${saying(stray.unread ?? '')}" is left over). ${
          stray.stage === 'data' && isSuccess(stray.unread ?? '')
            ? 'Postal takes that for the answer to the message and counts it as delivered, whatever the server says next.'
            : 'From then on Postal matches each reply to the wrong command, so the delivery fails.'
        }`,
        'Look for a proxy or filter in front of the server that breaks replies, or for a multi-line reply without a hyphen after the code.',
      ),
    );
  }
  if (firstLost !== undefined) {
    const why = saying(firstLost.reply?.lines.join(' ') ?? firstLost.detail ?? '') || 'the connection closed';
    const advice = lost[0] && adviceAt(situation, lost[0], firstLost);
    findings.push(
      finding(
        'ehlo-failed',
        severity,
        `${listed(ipsOf(lost))} ${agreed(lost, 'refuses', 'refuse')} EHLO${firstLost.stage === 'ehlo-tls' ? ' inside TLS' : ''}: ${why}.${saysWhy(advice) ? ` ${advice.meaning}` : ''}`,
        saysWhy(advice)
          ? advice.remedy
          : `Check the server's log: the server may hang, or refuse Postal's EHLO name ${profile.heloHostname}.`,
        advice?.code,
      ),
    );
  }
  if (plain.length > 0) {
    findings.push(
      finding(
        'ehlo-refused',
        'warning',
        `${listed(ipsOf(plain))} ${agreed(plain, 'refuses', 'refuse')} EHLO and ${agreed(plain, 'accepts', 'accept')} HELO, so STARTTLS is not available: mail is sent in plaintext.`,
        'Look for a firewall that inspects SMTP, or a greet delay on the server, and turn it off for Postal.',
        plain[0] && failedReply(plain[0], 'ehlo'),
      ),
    );
  }
  return findings;
};
