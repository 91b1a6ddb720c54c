import type { AddressReport, Stage, StageFailure } from '../../probe-report/report.ts';
import { brokenStarttlsText } from '../releases.ts';
import type { FindingCode, ProbeFinding, Severity } from './finding.ts';
import { swappedAddresses } from './ports.ts';
import { isBusyAt, replyAt } from './reply-advice.ts';
import { failedAt, failing, finding, ipsOf, type Situation, saidAt, stageOf } from './situation.ts';
import { agreed, listed, saying } from './words.ts';

type Reached = Situation['addresses'];

/** Effect of a failed handshake: no delivery, or plaintext where Postal falls back, or none where the mode does not use TLS. */
const handshake = (
  situation: Situation,
  addresses: Reached,
): { readonly severity: Severity; readonly consequence: string } => {
  if (situation.encryption === 'none') return { severity: 'info', consequence: 'this SSL mode does not use TLS' };
  if (addresses.every(({ reach }) => reach === 'plaintext'))
    return { severity: 'warning', consequence: 'Auto then silently sends the mail in plaintext' };
  return { severity: situation.severity, consequence: 'Postal does not fall back to plaintext' };
};

const kinds: readonly (readonly [code: FindingCode, reasons: readonly StageFailure[], what: string, remedy: string])[] =
  [
    ['tls-no-common-version', ['wrong-version'], 'no TLS version in common', 'Enable TLS 1.2 or 1.3 on the server.'],
    [
      'tls-client-certificate',
      ['certificate'],
      'the server requires a client certificate, and Postal has none',
      'Do not require client certificates from Postal (smtpd_tls_req_ccert in Postfix).',
    ],
    [
      'tls-handshake-failed',
      ['tls-handshake', 'closed', 'not-smtp', 'malformed-reply'],
      'the TLS handshake fails',
      "Check the server's log: usually key and certificate do not match, or cannot be read.",
    ],
    [
      'tls-broken-off',
      ['reset', 'timeout', 'slow', 'unreachable', 'refused'],
      'the TLS handshake is interrupted',
      'Look for a firewall or load balancer on the path that inspects TLS, and check the server itself.',
    ],
  ];

const handshakeFindings = (situation: Situation): readonly ProbeFinding[] => {
  const swapped = swappedAddresses(situation.addresses, situation.report.sslMode);
  const addresses = situation.addresses.filter((address) => !swapped.includes(address));
  return kinds.flatMap(([code, reasons, what, remedy]) => {
    const failed = failing(addresses, 'tls', ...reasons);
    if (failed.length === 0) return [];
    const { severity, consequence } = handshake(situation, failed);
    const said = saying(failedAt(failed[0] ?? noAddress, 'tls')?.detail ?? '');
    return [
      finding(
        code,
        severity,
        `${listed(ipsOf(failed))}: ${what}${said === '' ? '' : ` (${said})`}; ${consequence}.`,
        remedy,
      ),
    ];
  });
};

const noStage: Stage = { stage: 'starttls', status: 'skipped', durationMs: 0 };
const noAddress: AddressReport = { ip: '', port: 0, stages: [], capabilities: [] };

const keywordOf = (address: AddressReport): string | undefined => {
  const ehlo: Stage | undefined = stageOf(address, 'ehlo');
  const offered = ehlo?.reply?.lines.slice(1).map((line) => line.slice(4)) ?? address.capabilities;
  return offered.find((line) => /^starttls(?: |$)/i.test(line));
};

/** Whether a firewall that inspects SMTP overwrote the replies: `XXXXXXXA` instead of STARTTLS, `220 ****` instead of the greeting. */
const isMasked = (address: AddressReport): boolean => {
  const ehlo = stageOf(address, 'ehlo');
  const offered = ehlo?.reply?.lines.slice(1).map((line) => line.slice(4)) ?? address.capabilities;
  const isOverwritten = offered.some((line) => /^X{4,}[A-Z]?$/.test(line.trim()));
  return isOverwritten || (keywordOf(address) === undefined && /^220[ -]\*{3,}/m.test(address.banner ?? ''));
};

const offerFindings = (situation: Situation): readonly ProbeFinding[] => {
  const { addresses, report, severity, profile, encryption } = situation;
  const isDefect = report.sslMode === 'STARTTLS' && encryption === 'none';
  if (encryption === 'implicit') return [];
  const greeted = addresses.filter((address) => stageOf(address, 'ehlo')?.status === 'passed');
  const masked = greeted.filter(isMasked);
  const without = greeted.filter((address) => keywordOf(address) === undefined && !masked.includes(address));
  const odd = greeted.filter((address) => /^(?!STARTTLS)/.test(keywordOf(address) ?? 'STARTTLS'));
  const offering = greeted.filter((address) => keywordOf(address) !== undefined);
  const isNone = report.sslMode === 'None';
  const lost: Severity = encryption === 'required' ? severity : isNone ? 'info' : 'warning';
  const consequence = encryption === 'required' ? 'Postal does not get in' : 'mail is sent in plaintext';
  return [
    ...(isDefect && greeted.length > 0
      ? [
          finding(
            'ssl-mode-starttls',
            'warning',
            `${brokenStarttlsText(profile.version)} Because of a misspelt constant, its client never sends STARTTLS.`,
            offering.length > 0
              ? 'Set the SSL mode to Auto: it encrypts, but does not verify the certificate. Mode TLS needs a port for implicit TLS.'
              : 'Enable TLS on the server and set the SSL mode to Auto, or use mode TLS with a port for implicit TLS.',
          ),
        ]
      : []),
    ...(isNone && offering.length > 0
      ? [
          finding(
            'ssl-mode-none',
            'warning',
            `${listed(ipsOf(offering))} ${agreed(offering, 'offers', 'offer')} STARTTLS, but mode None does not use it: mail is sent in plaintext.`,
            'Set the SSL mode to Auto.',
          ),
        ]
      : []),
    ...(masked.length > 0
      ? [
          finding(
            'starttls-masked',
            lost,
            `A firewall on the path to ${listed(ipsOf(masked))} masks STARTTLS, so Postal does not see it: ${consequence}.`,
            'Turn off SMTP inspection for this connection (on a Cisco firewall: no inspect esmtp, or allow-tls), then check again.',
          ),
        ]
      : []),
    ...(without.length > 0 && (isNone || encryption !== 'none')
      ? [
          finding(
            'starttls-not-offered',
            lost,
            `${listed(ipsOf(without))} ${agreed(without, 'does', 'do')} not offer STARTTLS: ${consequence}.`,
            `Enable TLS on the server (in Postfix smtpd_tls_security_level = may, with a certificate)${isNone ? ', then set the SSL mode to Auto' : ''}.`,
          ),
        ]
      : []),
    ...(odd.length > 0 && encryption !== 'none'
      ? [
          finding(
            'starttls-not-recognised',
            lost,
            `${listed(ipsOf(odd))} ${agreed(odd, 'offers', 'offer')} "${saying(keywordOf(odd[0] ?? noAddress) ?? '')}", but Postal recognises only upper case: ${consequence}.`,
            'Configure the server, or the proxy in front of it, to send STARTTLS in upper case.',
          ),
        ]
      : []),
  ];
};

/** Findings on STARTTLS and the handshake, for the SSL mode of the endpoint. */
export const tlsFindings = (situation: Situation): readonly ProbeFinding[] => {
  const { addresses, severity, encryption } = situation;
  const isUsed = encryption !== 'none';
  const refused = failing(
    addresses,
    'starttls',
    'rejected-temporarily',
    'rejected-permanently',
    'malformed-reply',
  ).filter((address) => {
    const stage = failedAt(address, 'starttls');
    return stage !== undefined && !isBusyAt(stage);
  });
  const broken = failing(addresses, 'starttls', 'closed', 'reset', 'timeout', 'slow', 'not-smtp', 'reply-too-long');
  const injected = failing(addresses, 'starttls', 'injected-plaintext');
  const stuck = [...refused, ...broken];
  return [
    ...offerFindings(situation),
    ...(stuck.length > 0
      ? [
          finding(
            'starttls-refused',
            isUsed ? severity : 'info',
            `${listed(ipsOf(stuck))} ${agreed(stuck, 'offers', 'offer')} STARTTLS, but it fails (${saying(saidAt(stuck[0], 'starttls')) || 'no answer'})${
              isUsed ? '; Postal does not fall back to plaintext, so mail queues' : ''
            }.`,
            'Fix TLS on the server, usually its key or certificate, or stop offering STARTTLS.',
            stuck[0] && replyAt(stageOf(stuck[0], 'starttls') ?? noStage),
          ),
        ]
      : []),
    ...(injected.length > 0
      ? [
          finding(
            'starttls-injection',
            'critical',
            `${listed(ipsOf(injected))} ${agreed(injected, 'sends', 'send')} bytes after the reply to STARTTLS ("${saying(saidAt(injected[0], 'starttls'))}"): someone injects commands, or a proxy is broken.`,
            'Stop using this endpoint until you know what is between Postal and the server.',
          ),
        ]
      : []),
    ...handshakeFindings(situation),
  ];
};
