import { dnsValue, type RecordSet } from '../dns/record-set.ts';
import type { Definition } from '../endpoint/definition.ts';
import { canonicalName } from '../endpoint/name.ts';
import { targetTexts } from '../endpoint/targets.ts';
import { compileNamePattern } from '../policy/name-pattern.ts';
import type { PolicyDocument } from '../policy/policy.ts';

/** Why a name that nobody registered looks like a mail endpoint. */
export type MailSign =
  /** Records or registered names lead to it. */
  | { readonly kind: 'named-by'; readonly by: string; readonly as: 'CNAME' | 'MX' | 'SRV' | 'standby' }
  /** It leads where a registered name leads. */
  | { readonly kind: 'same-target'; readonly hostname: string }
  /** One of its labels says so. */
  | { readonly kind: 'word'; readonly word: string }
  /** It is what the policy's naming convention asks for. */
  | { readonly kind: 'naming' };

/** Words in host names of mail servers, and of programs that receive mail. */
const words: ReadonlySet<string> = new Set(
  [
    'mail mailer mailgw mailhost mailin mailman mailout mailrelay mta mx relay smarthost smtp smtpd smtps submission',
    'dovecot exchange exim opensmtpd postfix sendmail inbound lists listserv sympa',
    'discourse freescout gitlab helpdesk jira mattermost otobo otrs redmine rt servicedesk support tickets youtrack zammad',
  ].flatMap((line) => line.split(' ')),
);

/** The words of a label: `mx1` and `smtp-in` have one each that counts. */
const wordsOf = (label: string): readonly string[] => label.split(/[-_\d]+/).filter((word) => words.has(word));

/** Where a record's value names a host: behind the preference of an MX, behind three numbers of an SRV. */
const namedIn = ({
  name,
  type,
  values,
}: RecordSet): readonly (readonly [target: string, as: 'CNAME' | 'MX' | 'SRV'])[] => {
  const isMailService = /^_(?:smtp|smtps|submission|submissions)\._tcp\./.test(name);
  if (type === 'CNAME') return values.map((value) => [canonicalName(value), 'CNAME'] as const);
  if (type === 'MX' || (type === 'SRV' && isMailService))
    return values.map((value) => [canonicalName(value.trim().split(/\s+/).at(-1) ?? ''), type] as const);
  return [];
};

/** Finds the signs of any name of these zones. */
export type MailSigns = (hostname: string, zoneName: string, records: readonly RecordSet[]) => readonly MailSign[];

/** The signs of a mail endpoint, the most telling first; `recordSets` are those of every zone, `registered` what the registry holds. */
export const mailSigns = (
  recordSets: readonly RecordSet[],
  registered: readonly Pick<Definition, 'hostname' | 'targets' | 'standby'>[],
  naming: PolicyDocument['naming'],
): MailSigns => {
  const namedBy = new Map<string, Extract<MailSign, { kind: 'named-by' }>>();
  const note = (target: string, by: string, as: Extract<MailSign, { kind: 'named-by' }>['as']): void => {
    if (target !== by && !namedBy.has(target)) namedBy.set(target, { kind: 'named-by', by, as });
  };
  const leads = new Map<string, string>();
  for (const { hostname, targets, standby } of registered) {
    if (targets.kind === 'cname') note(targets.cname, hostname, 'CNAME');
    if (standby?.kind === 'cname') note(standby.cname, hostname, 'standby');
    for (const target of [targets, ...(standby === undefined ? [] : [standby])].flatMap(targetTexts))
      if (!leads.has(target)) leads.set(target, hostname);
  }
  for (const recordSet of recordSets) for (const [target, as] of namedIn(recordSet)) note(target, recordSet.name, as);
  const convention = naming === undefined ? undefined : compileNamePattern(naming.pattern);

  return (hostname, zoneName, records) => {
    const signs: MailSign[] = [];
    const named = namedBy.get(hostname);
    if (named !== undefined) signs.push(named);
    const [other] = records
      .flatMap(({ type, values }) => values.map((value) => dnsValue(type, value)))
      .flatMap((target) => leads.get(target) ?? []);
    if (other !== undefined) signs.push({ kind: 'same-target', hostname: other });
    const own = hostname === zoneName ? '' : hostname.slice(0, -zoneName.length - 1);
    const [word] = own.split('.').flatMap(wordsOf);
    if (word !== undefined) signs.push({ kind: 'word', word });
    if (convention !== undefined && 'matches' in convention && convention.matches(hostname))
      signs.push({ kind: 'naming' });
    return signs;
  };
};
