import type { AddressReport } from '../../probe-report/report.ts';
import { spokenProtocol } from '../replies/foreign-protocol.ts';
import { meaningOf } from '../replies/meaning.ts';
import type { FindingCode, ProbeFinding } from './finding.ts';
import { swappedAddresses } from './ports.ts';
import { adviceAt, isBusyAt, saysWhy } from './reply-advice.ts';
import { failing, finding, ipsOf, type Situation, saidAt, stageOf } from './situation.ts';
import { agreed, listed, saying, seconds } from './words.ts';

/** postscreen's `postscreen_greet_wait` is 6 s, 2 s under stress. */
const lateMs = 5_000;
const postscreenMs = 8_000;

const foreign = (situation: Situation, addresses: readonly AddressReport[]): ProbeFinding => {
  const detail = saidAt(addresses[0], 'banner');
  const protocol = spokenProtocol(detail);
  const wait =
    protocol === 'SSH'
      ? `, which Postal takes for the beginning of a reply and waits ${situation.profile.readTimeoutSeconds} s`
      : '';
  return finding(
    'banner-not-smtp',
    situation.severity,
    `Port ${situation.report.port} of ${listed(ipsOf(addresses))} speaks ${protocol ?? 'no SMTP'}: "${saying(detail)}"${wait}.`,
    'It is the wrong port, or the wrong machine: find where the mail server listens.',
    meaningOf(detail, 'connecting'),
  );
};

const late = ({ addresses, report }: Situation): readonly ProbeFinding[] => {
  const slow = addresses.filter((address) => {
    const banner = stageOf(address, 'banner');
    return banner?.status === 'passed' && banner.durationMs >= lateMs;
  });
  const longest = Math.max(0, ...slow.map((address) => stageOf(address, 'banner')?.durationMs ?? 0));
  if (slow.length === 0) return [];
  const who = `${listed(ipsOf(slow))} ${agreed(slow, 'greets', 'greet')} after ${seconds(longest)} only`;
  return [
    longest <= postscreenMs
      ? finding(
          'banner-late',
          'info',
          `${who}: Postfix's postscreen looking at a client that it does not know, no outage.`,
          `Put Postal and the prober${report.seenFrom === undefined ? '' : ` (${report.seenFrom})`} into postscreen_access_list.`,
        )
      : finding(
          'banner-late',
          'warning',
          `${who}, which slows every delivery.`,
          'Look for what it waits for before it greets: mostly reverse DNS of the client, or ident.',
        ),
  ];
};

/** A greeting that refuses; why, and what to do about it, where its words say so. */
const turnedAway = (
  situation: Situation,
  address: AddressReport,
  code: FindingCode,
  what: string,
  remedy: string,
): ProbeFinding => {
  const banner = stageOf(address, 'banner');
  const advice = banner && adviceAt(situation, address, banner);
  const why = saysWhy(advice) ? ` ${advice.meaning}` : '';
  return finding(
    code,
    situation.severity,
    `${what}: "${saying(saidAt(address, 'banner'))}".${why}`,
    saysWhy(advice) ? advice.remedy : remedy,
    advice?.code,
  );
};

/** Greetings that did not come, came late, or were none. */
export const bannerFindings = (situation: Situation): readonly ProbeFinding[] => {
  const { severity, profile, report } = situation;
  const swapped = swappedAddresses(situation.addresses, report.sslMode);
  const addresses = situation.addresses.filter((address) => !swapped.includes(address));
  const refusing = failing(addresses, 'banner', 'rejected-permanently');
  const deferring = failing(addresses, 'banner', 'rejected-temporarily').filter((address) => {
    const banner = stageOf(address, 'banner');
    return banner !== undefined && !isBusyAt(banner);
  });
  const silent = failing(addresses, 'banner', 'timeout', 'slow');
  const closed = failing(addresses, 'banner', 'closed', 'reset', 'unreachable');
  const odd = failing(addresses, 'banner', 'not-smtp', 'malformed-reply');
  const endless = failing(addresses, 'banner', 'reply-too-long');
  const findings: ProbeFinding[] = [];
  if (silent.length > 0) {
    findings.push(
      finding(
        'banner-silent',
        severity,
        `${listed(ipsOf(silent))} ${agreed(silent, 'takes', 'take')} the connection and ${agreed(silent, 'says', 'say')} nothing; Postal waits ${profile.readTimeoutSeconds} s.`,
        report.sslMode === 'TLS'
          ? 'The server is stuck, or expects the PROXY protocol of a load balancer in front.'
          : 'Either the port speaks implicit TLS (mode TLS), or the server expects the PROXY protocol, or it is stuck.',
      ),
    );
  }
  if (closed.length > 0) {
    findings.push(
      finding(
        'banner-closed',
        severity,
        `${listed(ipsOf(closed))} ${agreed(closed, 'ends', 'end')} the connection before a greeting.`,
        'Look at the load balancer: no healthy target behind it, or the PROXY protocol on one side only.',
      ),
    );
  }
  if (odd.length > 0) findings.push(foreign(situation, odd));
  if (endless.length > 0) {
    findings.push(
      finding(
        'banner-endless',
        severity,
        `${listed(ipsOf(endless))} ${agreed(endless, 'does', 'do')} not stop talking on port ${report.port}.`,
        'That is no mail server: find where it listens.',
      ),
    );
  }
  const [refuser, deferrer] = [refusing[0], deferring[0]];
  if (refuser !== undefined) {
    findings.push(
      turnedAway(
        situation,
        refuser,
        'banner-refused',
        `${listed(ipsOf(refusing))} ${agreed(refusing, 'turns', 'turn')} this client away`,
        'Let Postal in at the server (access list, blocklist, allowed networks). Postal keeps trying until it bounces.',
      ),
    );
  }
  if (deferrer !== undefined) {
    findings.push(
      turnedAway(
        situation,
        deferrer,
        'banner-deferred',
        `${listed(ipsOf(deferring))} ${agreed(deferring, 'puts', 'put')} this client off`,
        "Look at the server's log and load; Postal goes to the next address, and tries again later.",
      ),
    );
  }
  return [...findings, ...late(situation)];
};
