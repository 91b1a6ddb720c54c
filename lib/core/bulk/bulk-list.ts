import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/digest.ts';
import type { Plan } from '../dns/plan.ts';
import type { RecordSet } from '../dns/record-set.ts';
import { recordSetText } from '../dns/record-set-text.ts';

const texts = (sets: readonly RecordSet[]): readonly string[] => sets.map((set) => `${set.name} ${recordSetText(set)}`);

/** One line of the list: what a person has to know of a change, and the digest of the plan, which covers the rest. */
const line = ({ verb, hostname, undoes, before, after, definitionBefore, definitionAfter, digest }: Plan): string =>
  canonicalJson({
    hostname,
    change: verb,
    undoes,
    before: texts(before),
    after: texts(after),
    definitionBefore,
    definitionAfter,
    plan: digest,
  });

/** The whole list as the file that whoever approves it gets: JSON lines, one a change. */
export const bulkListFile = (plans: readonly Plan[]): string => plans.map((plan) => `${line(plan)}\n`).join('');

/** SHA-256, lower-case hex, of the list as that file, as `sha256sum` prints it. */
export const bulkDigest = (plans: readonly Plan[]): string =>
  createHash('sha256').update(bulkListFile(plans), 'utf8').digest('hex');
