import type { TlsFacts } from '../../probe-report/report.ts';
import type { ProbeFinding, Severity } from './finding.ts';
import { finding, ipsOf, type Situation } from './situation.ts';
import { listed, saying } from './words.ts';

type Certificate = NonNullable<TlsFacts['certificate']>;
/** A problem of a certificate; `what` follows "The certificate of X". */
type Remark = Omit<ProbeFinding, 'message'> & { readonly what: string };

const dayMs = 86_400_000;
const soonDays = 30;
const urgentDays = 7;

/** OpenSSL's verification errors in plain words; each follows "The certificate of X". */
const chainErrors: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is issued by a CA that Postal does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'is issued by a CA that Postal does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'is sent without its intermediate certificates, or is issued by a CA that Postal does not know',
  SELF_SIGNED_CERT_IN_CHAIN: 'is issued by a private CA that Postal does not know',
  EE_KEY_TOO_SMALL: 'has a key that is too short',
  CA_MD_TOO_WEAK: 'is signed with a digest that is too weak',
  INVALID_PURPOSE: 'is not issued for server authentication',
};

const daysText = (days: number): string => (days === 1 ? '1 day' : `${days} days`);

const dateRemarks = ({ notBefore, notAfter }: Certificate, nowMs: number, broken: Severity): readonly Remark[] => {
  const ends = Date.parse(notAfter);
  const days = Math.floor((ends - nowMs) / dayMs);
  const remedy = 'Renew it and reload the server.';
  if (ends <= nowMs) {
    const ago = Math.floor((nowMs - ends) / dayMs);
    return [
      {
        code: 'certificate-expired',
        severity: broken,
        what: `expired ${ago === 0 ? 'less than a day' : daysText(ago)} ago`,
        remedy,
      },
    ];
  }
  if (Date.parse(notBefore) > nowMs) {
    const what = `is not valid before ${notBefore.slice(0, 16).replace('T', ' ')} UTC`;
    return [
      {
        code: 'certificate-not-yet-valid',
        severity: broken,
        what,
        remedy: "Check the server's clock, or wait until that date.",
      },
    ];
  }
  if (!(days < soonDays)) return [];
  const severity = days < urgentDays ? 'warning' : 'info';
  return [
    {
      code: 'certificate-expires-soon',
      severity,
      what: `expires in ${days === 0 ? 'less than a day' : daysText(days)}`,
      remedy,
    },
  ];
};

const trustRemarks = (
  { selfSigned, chainError, chainErrorText }: Certificate,
  { verifies, report }: Pick<Situation, 'verifies' | 'report'>,
  broken: Severity,
): readonly Remark[] => {
  if (chainError === undefined || chainError === 'CERT_HAS_EXPIRED' || chainError === 'CERT_NOT_YET_VALID') return [];
  const effect = verifies ? `mode ${report.sslMode} rejects it` : 'Auto accepts it, mode TLS rejects it';
  const severity = verifies ? broken : 'info';
  const noAction = 'No action needed unless you switch to mode TLS.';
  if (selfSigned) {
    const remedy =
      "Set the SSL mode to Auto where the port allows it, use a certificate of a known CA, or add this one to the trust store of Postal's container (SSL_CERT_FILE).";
    return [
      {
        code: 'certificate-self-signed',
        severity,
        what: `is self-signed; ${effect}`,
        remedy: verifies ? remedy : noAction,
      },
    ];
  }
  const what = `${chainErrors[chainError] ?? `does not verify (${saying(chainErrorText ?? chainError)})`}; ${effect}`;
  const remedy =
    "Configure the server to send its whole chain. Add a private CA to the trust store of Postal's container (SSL_CERT_FILE).";
  return [{ code: 'certificate-untrusted', severity, what, remedy: verifies ? remedy : noAction }];
};

const nameRemarks = ({ nameMatches }: Certificate, hostname: string): readonly Remark[] =>
  nameMatches
    ? []
    : [
        {
          code: 'certificate-name-mismatch',
          severity: 'info',
          what: `does not cover ${hostname}; Postal does not check the name, other clients do`,
          remedy: `Add ${hostname} to its subject alternative names at the next renewal.`,
        },
      ];

/** Problems of the certificates, also where Postal ignores them; one finding for all addresses with the same problem. */
export const certificateFindings = (situation: Situation): readonly ProbeFinding[] => {
  const { addresses, report, verifies, severity, nowMs } = situation;
  const broken = verifies ? severity : 'warning';
  const remarks = addresses.flatMap(({ ip, tls }) => {
    const certificate = tls?.certificate;
    if (certificate === undefined) return [];
    const own = [
      ...dateRemarks(certificate, nowMs, broken),
      ...trustRemarks(certificate, situation, broken),
      ...nameRemarks(certificate, report.hostname),
    ];
    return own.map((remark) => ({ ...remark, ip }));
  });
  return [...Map.groupBy(remarks, ({ code, what }) => `${code} ${what}`).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined
      ? []
      : [finding(first.code, first.severity, `The certificate of ${listed(ipsOf(same))} ${first.what}.`, first.remedy)];
  });
};
