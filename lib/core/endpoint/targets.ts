import { isIPv6 } from 'node:net';
import type { Targets } from './definition.ts';

/** The targets as one would type them. */
export const targetTexts = (targets: Targets): readonly string[] =>
  targets.kind === 'cname' ? [targets.cname] : targets.addresses;

/** The addresses among the targets, by family. */
export const addressesByFamily = (
  targets: Targets,
): { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] } => {
  const addresses = targets.kind === 'cname' ? [] : targets.addresses;
  return {
    ipv4: addresses.filter((address) => !isIPv6(address)),
    ipv6: addresses.filter((address) => isIPv6(address)),
  };
};

/** Whether two targets are the same to DNS, where addresses are a set. */
export const sameTargets = (one: Targets, other: Targets): boolean =>
  JSON.stringify([...targetTexts(one)].sort()) === JSON.stringify([...targetTexts(other)].sort());
