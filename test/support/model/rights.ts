import type { Ledger } from '../../../lib/app/ports/ledger.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import type { Policy } from '../../../lib/core/policy/policy.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { cloudPolicy, type Person, people, userIdOf } from '../cloud/cloud.ts';
import type { Truth } from './truth.ts';

const policies = new Map<string, Policy>();

/** The policy of the cloud without these people: neither in grants nor among approvers, nor may they break glass. */
export const policyWithout = (withdrawn: ReadonlySet<Person>): Policy => {
  const gone = people.filter((person) => withdrawn.has(person)).map(userIdOf);
  const left = (users: readonly string[]): string[] => {
    const rest = users.filter((userId) => !gone.includes(userId));
    return rest.length === 0 ? ['U0NOBODY'] : rest;
  };
  const known = policies.get(gone.join());
  if (known !== undefined) return known;
  const policy = examplePolicy({
    grants: cloudPolicy.grants.map((grant) => ({ ...grant, users: left(grant.users) })),
    protected: cloudPolicy.protected.map((rule) => ({ ...rule, approvers: { users: left(rule.approvers.users) } })),
    breakGlass: { users: left(cloudPolicy.breakGlass.users) },
  });
  policies.set(gone.join(), policy);
  return policy;
};

/** A ledger that sees whether anybody behind a change has lost the right to it when it is begun to be applied. */
export const guarded = (ledger: Ledger, withdrawn: ReadonlySet<Person>, truth: Pick<Truth, 'wronged'>): Ledger => ({
  ...ledger,
  append: async (entry, signal) => {
    const { body, stream } = entry;
    if (body.kind === 'applying' && body.attempt === 1 && withdrawn.size > 0) {
      const change = fold(await ledger.read(stream, signal)).changes.get(body.changeId);
      for (const person of withdrawn) {
        if (change?.actor.userId === userIdOf(person) || change?.approvedBy?.userId === userIdOf(person))
          truth.wronged(body.changeId, person);
      }
    }
    return ledger.append(entry, signal);
  },
});
