import type { TlsFacts } from '../../probe-report/report.ts';
import type { ProbeFinding, Severity } from './finding.ts';
import { finding, ipsOf, type Situation } from './situation.ts';
import { listed, saying } from './words.ts';

type Certificate = NonNullable<TlsFacts['certificate']>;
/** What is the matter with a certificate, to be said after its name. */
type Remark = Omit<ProbeFinding, 'message'> & { readonly what: string };

const dayMs = 86_400_000;
const soonDays = 30;
const urgentDays = 7;

/** What OpenSSL's verification errors mean, in words. */
const chainErrors: Readonly<Record<string, string>> = {
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is of a CA that Postal does not know',
  UNABLE_TO_GET_ISSUER_CERT: 'is of a CA that Postal does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'comes without its intermediate certificates, or is of a CA that Postal does not know',
  SELF_SIGNED_CERT_IN_CHAIN: 'is of a private CA that Postal does not know',
  EE_KEY_TOO_SMALL: 'has a key too short to be accepted',
  CA_MD_TOO_WEAK: 'is signed with a digest too weak to be accepted',
  INVALID_PURPOSE: 'is not made out for a server',
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
      { code: 'certificate-not-yet-valid', severity: broken, what, remedy: "Look at the server's clock, or wait." },
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
  const effect = verifies ? `and mode ${report.sslMode} fails with it` : 'which Auto does not mind and mode TLS would';
  const severity = verifies ? broken : 'info';
  const atEase = 'Nothing to do, unless the mode is to become TLS.';
  if (selfSigned) {
    const remedy =
      "Use Auto where the port allows it, a certificate of a known CA, or add it to the store of Postal's container (SSL_CERT_FILE).";
    return [
      {
        code: 'certificate-self-signed',
        severity,
        what: `is self-signed, ${effect}`,
        remedy: verifies ? remedy : atEase,
      },
    ];
  }
  const what = `${chainErrors[chainError] ?? `does not verify (${saying(chainErrorText ?? chainError)})`}, ${effect}`;
  const remedy =
    "Have the server send its whole chain; a private CA goes into the store of Postal's container (SSL_CERT_FILE).";
  return [{ code: 'certificate-untrusted', severity, what, remedy: verifies ? remedy : atEase }];
};

const nameRemarks = ({ nameMatches }: Certificate, hostname: string): readonly Remark[] =>
  nameMatches
    ? []
    : [
        {
          code: 'certificate-name-mismatch',
          severity: 'info',
          what: `does not name ${hostname}; Postal does not check names, other clients do`,
          remedy: `Add ${hostname} to its subject alternative names when it is next renewed.`,
        },
      ];

/** What certificates are worth, apart from whether Postal cares; the same of several addresses is said once. */
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
