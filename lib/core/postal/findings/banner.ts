import type { AddressReport } from '../../probe-report/report.ts';
import { spokenProtocol } from '../replies/foreign-protocol.ts';
import { meaningOf } from '../replies/meaning.ts';
import type { FindingCode, ProbeFinding } from './finding.ts';
import { swappedAddresses } from './ports.ts';
import { adviceAt, isBusyAt, saysWhy } from './reply-advice.ts';
import { failing, finding, ipsOf, type Situation, saidAt, stageOf } from './situation.ts';
import { agreed, listed, saying, seconds } from './words.ts';

/** Default of `postscreen_greet_wait`: 6 s, under stress 2 s. */
const lateMs = 5_000;
const postscreenMs = 8_000;

/** What greets with a 2xx code, as FTP does, and is not SMTP all the same. */
const greetsOtherwise = (address: AddressReport): boolean => {
  const banner = stageOf(address, 'banner');
  return banner?.status === 'passed' && spokenProtocol(greetingOf(address)) !== undefined;
};

const greetingOf = (address: AddressReport | undefined): string => {
  const banner = address && stageOf(address, 'banner');
  return banner?.reply?.lines.join(' ') ?? banner?.detail ?? '';
};

const foreign = (situation: Situation, addresses: readonly AddressReport[]): ProbeFinding => {
  const detail = greetingOf(addresses[0]);
  const protocol = spokenProtocol(detail);
  const wait =
    protocol === 'SSH'
      ? `. Postal reads this as the start of a reply and waits ${situation.profile.readTimeoutSeconds} s for the rest`
      : '';
  return finding(
    'banner-not-smtp',
    situation.severity,
    `Port ${situation.report.port} of ${listed(ipsOf(addresses))} ${protocol === undefined ? 'does not speak SMTP' : `speaks ${protocol}, not SMTP`}: "${saying(detail)}"${wait}.`,
    'Correct the port or the address: the mail server listens elsewhere.',
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
  const who = `${listed(ipsOf(slow))} ${agreed(slow, 'sends its', 'send their')} greeting only after ${seconds(longest)}`;
  return [
    longest <= postscreenMs
      ? finding(
          'banner-late',
          'info',
          `${who}: Postfix postscreen delays clients that it does not know. This is not an outage.`,
          `Add Postal and the prober${report.seenFrom === undefined ? '' : ` (${report.seenFrom})`} to postscreen_access_list.`,
        )
      : finding(
          'banner-late',
          'warning',
          `${who}, which delays every delivery.`,
          'Find out what the server waits for before it greets: usually reverse DNS of the client, or ident.',
        ),
  ];
};

/** A greeting that refuses or defers, with cause and remedy where the reply gives the cause. */
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

/** Greetings that are missing, late, refused, or not SMTP. */
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
  const odd = [...failing(addresses, 'banner', 'not-smtp', 'malformed-reply'), ...addresses.filter(greetsOtherwise)];
  const endless = failing(addresses, 'banner', 'reply-too-long');
  const findings: ProbeFinding[] = [];
  if (silent.length > 0) {
    findings.push(
      finding(
        'banner-silent',
        severity,
        `${listed(ipsOf(silent))} ${agreed(silent, 'accepts', 'accept')} the connection but ${agreed(silent, 'sends', 'send')} no greeting; Postal waits ${profile.readTimeoutSeconds} s.`,
        report.sslMode === 'TLS'
          ? 'Check whether the server hangs, or expects the PROXY protocol from a load balancer.'
          : 'Check whether the port uses implicit TLS (then set mode TLS), or the server expects the PROXY protocol or hangs.',
      ),
    );
  }
  if (closed.length > 0) {
    findings.push(
      finding(
        'banner-closed',
        severity,
        `${listed(ipsOf(closed))} ${agreed(closed, 'closes', 'close')} the connection before the greeting.`,
        'Check the load balancer: it may have no healthy target, or use the PROXY protocol on one side only.',
      ),
    );
  }
  if (odd.length > 0) findings.push(foreign(situation, odd));
  if (endless.length > 0) {
    findings.push(
      finding(
        'banner-endless',
        severity,
        `${listed(ipsOf(endless))} ${agreed(endless, 'sends', 'send')} data without end on port ${report.port}.`,
        'Correct the port or the address: this is not a mail server.',
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
        `${listed(ipsOf(refusing))} ${agreed(refusing, 'refuses', 'refuse')} this client`,
        'Allow Postal on the server (access list, blocklist, allowed networks). Postal retries until it bounces the message.',
      ),
    );
  }
  if (deferrer !== undefined) {
    findings.push(
      turnedAway(
        situation,
        deferrer,
        'banner-deferred',
        `${listed(ipsOf(deferring))} ${agreed(deferring, 'defers', 'defer')} this client`,
        "Check the server's log and load. Postal tries the next address, and retries later.",
      ),
    );
  }
  return [...findings, ...late(situation)];
};
