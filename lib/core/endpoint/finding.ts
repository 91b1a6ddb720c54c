/** Ids of the validation rules. */
export const ruleIds = [
  'hostname-is-ip',
  'label-length',
  'name-length',
  'hostname-syntax',
  'hostname-case',
  'idn',
  'naming-convention',
  'outside-zones',
  'repeated-zone',
  'apex',
  'shadowed',
  'target-is-ip-or-name',
  'target-not-routable',
  'target-outside-cidrs',
  'target-duplicate',
  'target-count',
  'cname-alone',
  'cname-outside',
  'cname-target',
  'conflicting-record',
  'protected-record',
  'pointed-at',
  'port-range',
  'port-allowed',
  'ssl-mode',
  'ssl-mode-starttls',
  'ssl-mode-port',
  'ssl-mode-none',
  'ttl-range',
  'aws-port-25',
  'aaaa-first',
  'standby-overlap',
  'text-length',
  'text-characters',
  'zone-missing',
  'zone-public',
  'zone-name',
  'zone-vpcs',
  'could-not-check',
] as const;
export type RuleId = (typeof ruleIds)[number];

export type Argument = 'hostname' | 'target' | 'standby' | 'port' | 'ssl-mode' | 'ttl' | 'name' | 'owner' | 'note';

/** What a validation rule found in one argument of a definition. */
export type Finding = {
  readonly id: RuleId;
  /** `block` refuses the definition, `warn` is shown and goes on. */
  readonly severity: 'block' | 'warn';
  readonly argument: Argument;
  /** What is wrong, with the value, as a sentence. */
  readonly wrong: string;
  /** What would be right, as a sentence. */
  readonly right: string;
};
