import type { Targets } from '../endpoint/definition.ts';
import type { Finding, RuleId } from '../endpoint/finding.ts';
import type { Hostname } from '../endpoint/hostname.ts';
import type { IpAddress } from '../endpoint/ip-address.ts';
import { readTarget } from '../endpoint/target-text.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { addressProblem } from './address-rules.ts';

/** Addresses that one name may answer with. */
const mostTargets = 8;

type TargetPolicy = Pick<PolicyDocument, 'cidrs'>;

export type TargetsCheck = {
  /** Present when nothing blocks. */
  readonly targets: Targets | undefined;
  /** Canonical text of whatever could be read. */
  readonly texts: readonly string[];
  readonly findings: readonly Finding[];
};

const distinct = <Value extends string>(values: readonly Value[]): readonly Value[] => [...new Set(values)];

/** Every value that occurs more than once, each said once. */
const repeated = (values: readonly string[]): readonly string[] =>
  distinct(values.filter((value, index) => values.indexOf(value) !== index));

/** The rules of targets, and of a standby's, that need nothing but policy. All of them block. Where a name leads is judged by `cnameFindings`. */
export const checkTargets = (
  texts: readonly string[],
  argument: 'target' | 'standby',
  hostname: Hostname | undefined,
  policy: TargetPolicy,
): TargetsCheck => {
  const finding = (id: RuleId, wrong: string, right: string): Finding => ({
    id,
    severity: 'block',
    argument,
    wrong,
    right,
  });

  if (texts.length === 0) {
    return {
      targets: undefined,
      texts: [],
      findings: [
        finding(
          'target-is-ip-or-name',
          'No target was given.',
          'Give the address of the mail server, as in 10.0.4.12.',
        ),
      ],
    };
  }
  // Those above the limit have to go whatever they are.
  const read = texts.slice(0, mostTargets).map(readTarget);
  const addresses = read.flatMap((target) => (target.kind === 'address' ? [target.address] : []));
  const names = read.flatMap((target) => (target.kind === 'name' ? [target.name] : []));
  const everyText: readonly string[] = [...addresses.map((address) => address.text), ...names];

  const placeOf = (address: IpAddress): readonly Finding[] => {
    const problem = addressProblem(address, policy);
    return problem === undefined ? [] : [finding(problem.id, problem.wrong, problem.right)];
  };

  const leadsOf = (name: Hostname): readonly Finding[] => {
    const right = 'Give the name that it is an alias of, or an address.';
    return name === hostname ? [finding('cname-target', `${name} would be an alias of itself.`, right)] : [];
  };

  const alone = distinct(names).length + Math.min(addresses.length, 1) > 1 && names.length > 0;
  const findings: readonly Finding[] = [
    ...(texts.length > mostTargets
      ? [
          finding(
            'target-count',
            `${texts.length} targets are more than ${mostTargets}.`,
            `Give at most ${mostTargets} addresses.`,
          ),
        ]
      : []),
    ...read.flatMap((target) =>
      target.kind === 'invalid' ? [finding('target-is-ip-or-name', target.wrong, target.right)] : [],
    ),
    ...repeated(everyText).map((text) =>
      finding('target-duplicate', `${text} is given more than once.`, 'Give it once.'),
    ),
    ...(alone
      ? [
          finding(
            'cname-alone',
            `A name (${distinct(names).join(', ')}) cannot be combined with other targets: a CNAME has one target.`,
            'Give addresses only, or one name.',
          ),
        ]
      : []),
    ...[...new Map(addresses.map((address) => [address.text, address])).values()].flatMap(placeOf),
    ...distinct(names).flatMap(leadsOf),
  ];
  if (findings.length > 0) return { targets: undefined, texts: everyText, findings };
  const [cname] = names;
  return {
    targets:
      cname === undefined
        ? { kind: 'addresses', addresses: addresses.map((address) => address.text) }
        : { kind: 'cname', cname },
    texts: everyText,
    findings,
  };
};
