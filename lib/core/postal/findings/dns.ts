import type { DnsAnswer } from '../../probe-report/report.ts';
import type { ProbeFinding } from './finding.ts';
import { finding, type Situation } from './situation.ts';
import { agreed, listed } from './words.ts';

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
const nameserversOf = (answers: readonly DnsAnswer[]): string =>
  listed(distinct(answers.map(({ nameserver }) => nameserver)));

const finality = ({ profile }: Situation): string =>
  profile.nameservers.length > 1 ? ' Postal asks its next nameserver only after a timeout, not after an error.' : '';

const nxdomain = (situation: Situation, answers: readonly DnsAnswer[]): ProbeFinding => {
  const { report, inRoute53 } = situation;
  const negativeTtl = Math.max(0, ...answers.map(({ soa }) => soa?.negativeTtlSeconds ?? 0));
  const cached = negativeTtl > 0 ? `up to ${negativeTtl} s` : 'a while';
  const isInRoute53 = (inRoute53 ?? []).some(({ name }) => name === report.hostname);
  const end = report.resolution.cnameChain.at(-1);
  if (end !== undefined)
    return finding(
      'dns-nxdomain',
      'critical',
      `${report.hostname} is a CNAME that ends at ${end}, which does not exist according to ${nameserversOf(answers)} (NXDOMAIN), so Postal says "No hosts to try".`,
      `Create ${end}, or point the CNAME to a name that has an address. If the record is new, the resolver may cache the NXDOMAIN for ${cached}.`,
    );
  return finding(
    'dns-nxdomain',
    'critical',
    `${report.hostname} does not exist according to ${nameserversOf(answers)} (NXDOMAIN)${isInRoute53 ? ', although Route 53 has the record' : ''}, so Postal says "No hosts to try".`,
    isInRoute53
      ? `If the record is new, check again later: the resolver may cache the NXDOMAIN for ${cached}. Otherwise associate the private zone with Postal's VPC, or look for another zone that answers for the name.`
      : `Create the record, or associate the private zone with Postal's VPC. If the record is new, the resolver may cache the NXDOMAIN for ${cached}.${finality(situation)}`,
  );
};

const noAddress = ({ report }: Situation): ProbeFinding => {
  const { cnameChain } = report.resolution;
  const end = cnameChain.at(-1);
  return end === undefined
    ? finding(
        'dns-no-address',
        'critical',
        `${report.hostname} exists but has neither an A nor an AAAA record, so Postal says "No hosts to try".`,
        'Add an A record with the address of the mail server; Postal does not look up MX or SRV.',
      )
    : finding(
        'dns-no-address',
        'critical',
        `${report.hostname} is a CNAME that ends at ${end}, which has no address.`,
        `Give ${end} an address, or point the CNAME to a name that has one.`,
      );
};

const silent = (situation: Situation, answers: readonly DnsAnswer[]): ProbeFinding =>
  finding(
    'dns-silent',
    'critical',
    `No answer from ${nameserversOf(answers)} for ${situation.report.hostname}: Postal finds no address, and every attempt hangs${
      situation.prediction.stallSeconds > 0 ? ` for ${Math.round(situation.prediction.stallSeconds)} s` : ''
    }.`,
    'Allow UDP and TCP port 53 to the resolver, and check that it runs.',
  );

const unresolved = (situation: Situation): readonly ProbeFinding[] => {
  const { answers } = situation.report.resolution;
  const { report } = situation;
  const failed = answers.filter(({ rcode }) => rcode !== undefined && rcode !== 'NOERROR');
  const [first] = failed;
  if (answers.length === 0) return [];
  if (answers.some(({ rcode }) => rcode === 'NXDOMAIN'))
    return [
      nxdomain(
        situation,
        answers.filter(({ rcode }) => rcode === 'NXDOMAIN'),
      ),
    ];
  if (first?.rcode !== undefined) {
    return [
      finding(
        'dns-error',
        'critical',
        `${nameserversOf(failed)} ${agreed(distinct(failed.map(({ nameserver }) => nameserver)), 'answers', 'answer')} ${first.rcode} for ${report.hostname}, so Postal says "No hosts to try".`,
        `Check the forwarding rule and the delegation of the zone at that resolver.${finality(situation)}`,
      ),
    ];
  }
  if (answers.every(({ rcode }) => rcode === undefined)) return [silent(situation, answers)];
  if (report.resolution.addresses.length > 0 && report.resolution.cnameChain.length > 0) {
    return [
      finding(
        'dns-cname-not-followed',
        'critical',
        `The nameserver answers with the CNAME ${report.resolution.cnameChain.join(' → ')} only, and Postal does not look up its target.`,
        'Use a resolver that follows CNAMEs, or register an A record instead of the CNAME.',
      ),
    ];
  }
  return [noAddress(situation)];
};

/** After NXDOMAIN, Postal's resolver tries the name again with the domain of its own host appended. */
const osDomain = ({ report, prediction, profile }: Situation): readonly ProbeFinding[] => {
  const domain = profile.osHostname?.replace(/^[^.]*\.?/, '') ?? '';
  const denied = report.resolution.answers.some(({ rcode, name }) => rcode === 'NXDOMAIN' && name === undefined);
  if (domain === '' || !denied || report.resolution.addresses.length > 0 || prediction.resolvedIpsInOrder.length === 0)
    return [];
  return [
    finding(
      'dns-os-domain',
      'critical',
      `${report.hostname} does not exist; Postal then tries ${report.hostname}.${domain} and delivers to ${listed(prediction.resolvedIpsInOrder)}, which may be the wrong machine.`,
      `Create the record, or correct the name. A trailing dot ("${report.hostname}.") keeps Postal from appending its own domain.`,
    ),
  ];
};

const resolved = (situation: Situation): readonly ProbeFinding[] => {
  const { answers } = situation.report.resolution;
  const mute = answers.filter(({ rcode }) => rcode === undefined);
  const refusing = answers.filter(({ rcode }) => rcode !== undefined && rcode !== 'NOERROR' && rcode !== 'NXDOMAIN');
  const names = distinct(mute.map(({ nameserver }) => nameserver));
  return [
    ...osDomain(situation),
    ...(names.length > 0
      ? [
          finding(
            'dns-nameserver-dead',
            'warning',
            `Nameserver ${listed(names)} ${agreed(names, 'does', 'do')} not answer, so Postal waits for ${agreed(names, 'it', 'them')} before it asks the next one.`,
            'Fix it, or remove it from resolv.conf on the Postal host.',
          ),
        ]
      : []),
    ...refusing
      .slice(0, 1)
      .map(({ nameserver, rcode, type }) =>
        finding(
          'dns-type-failed',
          'warning',
          `${nameserver} answers ${rcode} for the ${type} records; Postal uses only the addresses from the other query.`,
          'Check the zone and the forwarding rule at that resolver: addresses may be missing.',
        ),
      ),
  ];
};

/** Findings from resolving the name as Postal does. */
export const dnsFindings = (situation: Situation): readonly ProbeFinding[] => [
  ...(situation.prediction.resolvedIpsInOrder.length > 0 ? resolved(situation) : unresolved(situation)),
  ...(situation.prediction.class === 'internal_error'
    ? [
        finding(
          'postal-internal-error',
          'critical',
          'Postal fails with an internal error before it reaches a mail server, and retries later.',
          'Give the Postal host a nameserver, and set dns.timeout to at least 2 seconds.',
        ),
      ]
    : []),
];
