import type { Ledger } from '../../../lib/app/ports/ledger.ts';
import type { ZoneStore } from '../../../lib/app/ports/zone-store.ts';
import { markerName } from '../../../lib/core/dns/marker.ts';
import type { RecordChange } from '../../../lib/core/dns/record-set.ts';
import type { ZoneFacts } from '../../../lib/core/dns/zone-reading.ts';
import { type ChangeState, fold } from '../../../lib/core/ledger/fold.ts';
import type { Policy } from '../../../lib/core/policy/policy.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { cloudPolicy, type Person, people, userIdOf } from '../cloud/cloud.ts';
import { partsOfBatch } from './parts-of-batch.ts';
import type { Truth } from './truth.ts';

export const rangeChoices = ['usual', 'narrow'] as const;
export const protectionChoices = ['usual', 'everything'] as const;
export const zoneChoices = ['usual', 'public', 'shadowed'] as const;

/** Everything that decides what may be sent to Route 53, as it is at one moment of a history. */
export type Permissions = {
  /** Whose rights are taken away for now. */
  readonly withdrawn: Set<Person>;
  ranges: (typeof rangeChoices)[number];
  protection: (typeof protectionChoices)[number];
  zone: (typeof zoneChoices)[number];
};

export const usualPermissions = (): Permissions => ({
  withdrawn: new Set(),
  ranges: 'usual',
  protection: 'usual',
  zone: 'usual',
});

export const restore = (permissions: Permissions): void => {
  permissions.withdrawn.clear();
  Object.assign(permissions, { ranges: 'usual', protection: 'usual', zone: 'usual' });
};

/** Of the targets of the histories, the narrow ranges leave out one. */
const narrowRanges = ['10.0.4.1/32', 'fd00::/8'];
const leftOut = '10.0.4.2';

const policies = new Map<string, Policy>();

/** The policy of the cloud as it is now: whoever has no rights is neither in grants nor among approvers, and may not break glass. */
export const policyNow = ({ withdrawn, ranges, protection }: Permissions): Policy => {
  const gone = people.filter((person) => withdrawn.has(person)).map(userIdOf);
  const left = (users: readonly string[]): string[] => {
    const rest = users.filter((userId) => !gone.includes(userId));
    return rest.length === 0 ? ['U0NOBODY'] : rest;
  };
  const key = `${gone.join()} ${ranges} ${protection}`;
  const known = policies.get(key);
  if (known !== undefined) return known;
  const policy = examplePolicy({
    grants: cloudPolicy.grants.map((grant) => ({ ...grant, users: left(grant.users) })),
    protected: cloudPolicy.protected.map((rule) => ({
      ...rule,
      approvers: { users: left(rule.approvers.users) },
      ...(protection === 'usual' ? {} : { hostnames: ['*.corp.internal'] }),
    })),
    breakGlass: { users: left(cloudPolicy.breakGlass.users) },
    ...(ranges === 'usual' ? {} : { cidrs: narrowRanges }),
  });
  policies.set(key, policy);
  return policy;
};

const shadows: readonly ZoneFacts[] = ['mail', 'prod'].map((label) => ({
  id: `Z0${label.toUpperCase()}`,
  name: `${label}.corp.internal`,
  isPrivate: true,
  vpcs: [],
}));

/** What is wrong with sending these changes now, found without the help of the code under test. */
const wrongs = (permissions: Permissions, change: ChangeState, changes: readonly RecordChange[]): readonly string[] => {
  const { withdrawn, ranges, protection, zone } = permissions;
  const { actor, approvedBy, plan } = change;
  const behind = [...withdrawn].filter((person) => [actor.userId, approvedBy?.userId].includes(userIdOf(person)));
  const led = changes.flatMap(({ action, recordSet: { name, values } }) =>
    action === 'CREATE' && name !== markerName(plan.hostname) ? values : [],
  );
  const wantsSecond = protection === 'everything' || plan.hostname.endsWith('.prod.corp.internal');
  const { kind } = plan.release;
  return [
    ...behind.map((person) => `${person} has no right to it any more`),
    ...(ranges === 'narrow' && led.includes(leftOut) ? [`${leftOut} lies outside the ranges`] : []),
    ...(wantsSecond && kind !== 'approval' && kind !== 'break-glass' ? ['it needs a second person'] : []),
    ...(zone === 'usual' ? [] : [`the zone is ${zone}`]),
  ];
};

/** A zone store that shows the zone as it is now, and sees whether every batch is permitted at the moment at which it is sent. */
export const guardedZones = (
  zones: ZoneStore,
  ledger: Pick<Ledger, 'read'>,
  permissions: Permissions,
  truth: Pick<Truth, 'wronged'>,
): ZoneStore => ({
  ...zones,
  inspectZone: async (...call) => {
    const seen = await zones.inspectZone(...call);
    if (!seen.ok || permissions.zone === 'usual') return seen;
    return permissions.zone === 'public'
      ? { ok: true, value: { ...seen.value, zone: { ...seen.value.zone, isPrivate: false } } }
      : { ok: true, value: { ...seen.value, rivals: { ok: true, value: shadows } } };
  },
  submit: async (zoneId, changes, comment, signal) => {
    for (const part of await partsOfBatch(ledger, comment, changes)) {
      const change = fold(await ledger.read(part.hostname, signal)).changes.get(part.changeId);
      if (change === undefined) truth.wronged(part.changeId, 'the ledger does not know it');
      else for (const wrong of wrongs(permissions, change, part.changes)) truth.wronged(part.changeId, wrong);
    }
    return zones.submit(zoneId, changes, comment, signal);
  },
});
