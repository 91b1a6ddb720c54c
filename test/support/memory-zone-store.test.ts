import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { ServiceResult } from '../../lib/local/route53/service-error.ts';
import { anyVpcs, localInsyncDelayMs, seededZone } from '../../scripts/conformance/open-subject.ts';
import { conformsToRoute53 } from '../contracts/route53-conformance.ts';
import { createMemoryZoneStore, toInvalid } from './memory-zone-store.ts';

const region = 'eu-central-1';
const { store, listing, zones } = createMemoryZoneStore({
  clock: systemClock,
  zones: [seededZone],
  insyncDelayMs: localInsyncDelayMs,
});

const unwrapped = <Value>(result: ServiceResult<Value>): Value => {
  if (result.ok) return result.value;
  throw Object.assign(new Error(result.error.messages.join('; ')), { name: result.error.code });
};

let made = 0;

conformsToRoute53({
  description: 'the memory zone store',
  store,
  listing,
  control: { ...zones, zone: seededZone },
  vpc: { id: anyVpcs[0], region },
  secondVpc: { id: anyVpcs[1], region },
  mayBePublic: true,
  checkDeadlineMs: 10_000,
  sendRaw: async (zoneId, changes) => {
    const change = zones.change(zoneId, changes, undefined);
    return change.ok ? { kind: 'accepted', changeInfoId: change.value.id } : toInvalid(change.error);
  },
  zones: {
    create: async (name, vpc) => {
      made += 1;
      const isPrivate = vpc !== 'public';
      const { zone } = unwrapped(
        zones.create({ name, callerReference: `${made}`, isPrivate, vpc: isPrivate ? vpc : undefined }),
      );
      return { id: zone.id, name: zone.name };
    },
    associate: async (zoneId, vpc) => void unwrapped(zones.associate(zoneId, vpc, undefined)),
    delete: async (zoneId) => void unwrapped(zones.remove(zoneId)),
  },
});
