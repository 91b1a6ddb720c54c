import { canonicalName, isAtOrBelow } from '../../core/endpoint/name.ts';
import { route53BatchLimits } from '../../core/limits/limits.ts';
import { type LocalRecordSet, type RecordSets, recordSetKey } from './record-set.ts';
import { canonicalValue, nameMessage, valueMessages } from './values.ts';
import { type LocalZone, protectionKey } from './zone.ts';

/** A change as the request has it: the name still as written. */
export type LocalChange = { readonly action: 'CREATE' | 'DELETE' | 'UPSERT'; readonly recordSet: LocalRecordSet };

export type BatchResult =
  | { readonly ok: true; readonly recordSets: RecordSets }
  | { readonly ok: false; readonly messages: readonly string[] };

type Zone = Pick<LocalZone, 'name' | 'recordSets' | 'protections'>;

const described = ({ name, type, setIdentifier }: LocalRecordSet): string =>
  `[name='${name}.', type='${type}'${setIdentifier === undefined ? '' : `, set-identifier='${setIdentifier}'`}]`;

const limitMessages = (changes: readonly LocalChange[]): readonly string[] => {
  // An UPSERT counts twice: it stands for a DELETE and a CREATE.
  const counted = changes.flatMap(({ action, recordSet }) =>
    action === 'UPSERT' ? [...recordSet.values, ...recordSet.values] : recordSet.values,
  );
  const characters = counted.reduce((sum, value) => sum + value.length, 0);
  return [
    ...(counted.length > route53BatchLimits.values
      ? [`Number of records limit of ${route53BatchLimits.values} exceeded.`]
      : []),
    ...(characters > route53BatchLimits.characters
      ? [`Number of characters limit of ${route53BatchLimits.characters} exceeded.`]
      : []),
  ];
};

const contentMessages = ({ type, values, aliasTarget }: LocalRecordSet): readonly string[] =>
  aliasTarget === undefined
    ? valueMessages(type, values)
    : [nameMessage(aliasTarget.dnsName)].filter((message) => message !== undefined);

const syntaxMessages = (zone: Zone, recordSet: LocalRecordSet): readonly string[] => {
  const { name } = recordSet;
  const wrongName = nameMessage(name);
  if (wrongName !== undefined) return [wrongName, ...contentMessages(recordSet)];
  const isOutside = !isAtOrBelow(canonicalName(name), zone.name);
  return [
    ...(isOutside ? [`RRSet with DNS name ${canonicalName(name)}. is not permitted in zone ${zone.name}.`] : []),
    ...contentMessages(recordSet),
  ];
};

const protectionMessage = (zone: Zone, { action, recordSet }: LocalChange): string | undefined => {
  const comment = zone.protections.get(protectionKey(recordSet.name, recordSet.type));
  return comment === undefined
    ? undefined
    : `Tried to ${action.toLowerCase()} resource record set ${described(recordSet)} but it is protected: ${comment}`;
};

/** Of one record set a batch may hold one change, or a DELETE followed by a CREATE. */
const sequenceMessages = (changes: readonly LocalChange[]): readonly string[] => {
  const byKey = Map.groupBy(changes, ({ recordSet }) => recordSetKey(recordSet));
  return [...byKey.values()].flatMap((group) => {
    const actions = group.map(({ action }) => action).join(' ');
    const first = group[0]?.recordSet;
    if (group.length === 1 || actions === 'DELETE CREATE' || first === undefined) return [];
    return [`The request contains an invalid set of changes for a resource record set '${first.type} ${first.name}.'`];
  });
};

const sameValues = (left: LocalRecordSet, right: LocalRecordSet): boolean => {
  const canonical = ({ type, values }: LocalRecordSet) => values.map((value) => canonicalValue(type, value)).toSorted();
  return JSON.stringify(canonical(left)) === JSON.stringify(canonical(right));
};

/** All that a DELETE must repeat but the values, which may come in another order. */
const settings = (set: LocalRecordSet): string =>
  JSON.stringify([
    set.ttlSeconds,
    set.aliasTarget && [
      set.aliasTarget.hostedZoneId,
      canonicalValue('CNAME', set.aliasTarget.dnsName),
      set.aliasTarget.evaluateTargetHealth,
    ],
    set.weight,
    set.region,
    set.failover,
    set.geoLocationCountry,
    set.multiValueAnswer,
    set.healthCheckId,
    set.trafficPolicyInstanceId,
  ]);

const routingPolicy = (set: LocalRecordSet): string | undefined =>
  (['weight', 'region', 'failover', 'geoLocationCountry', 'multiValueAnswer'] as const).find(
    (policy) => set[policy] !== undefined,
  );

const deleteMessage = (existing: LocalRecordSet | undefined, recordSet: LocalRecordSet): string | undefined => {
  const tried = `Tried to delete resource record set ${described(recordSet)}`;
  if (existing === undefined) return `${tried} but it was not found`;
  const isSame = settings(existing) === settings(recordSet) && sameValues(existing, recordSet);
  return isSame ? undefined : `${tried} but the values provided do not match the current values`;
};

const placeMessage = (zone: Zone, standing: RecordSets, recordSet: LocalRecordSet): string | undefined => {
  const { name, type, values } = recordSet;
  const others = [...standing.values()].filter(
    (other) => other.name === name && recordSetKey(other) !== recordSetKey(recordSet),
  );
  if (type === 'CNAME' && name === zone.name)
    return `RRSet of type CNAME with DNS name ${name}. is not permitted at apex in zone ${zone.name}.`;
  if (type === 'CNAME' && values.length > 1)
    return `RRSet of type CNAME with DNS name ${name}. may hold only one resource record.`;
  if (type === 'SOA' && name !== zone.name)
    return `RRSet of type SOA with DNS name ${name}. is permitted only at apex in zone ${zone.name}.`;
  const isSibling = (other: LocalRecordSet): boolean =>
    routingPolicy(other) !== undefined && routingPolicy(other) === routingPolicy(recordSet);
  if (others.some((other) => other.type === type && !isSibling(other))) {
    return `RRSet with DNS name ${name}., type ${type} cannot be created as other RRSets exist with the same name and type.`;
  }
  if (type === 'CNAME' && others.some((other) => other.type !== type)) {
    return `RRSet of type CNAME with DNS name ${name}. is not permitted as it conflicts with other records with the same DNS name in zone ${zone.name}.`;
  }
  if (type !== 'CNAME' && others.some((other) => other.type === 'CNAME')) {
    return `RRSet of type ${type} with DNS name ${name}. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone ${zone.name}.`;
  }
  return undefined;
};

const changeMessage = (zone: Zone, standing: RecordSets, { action, recordSet }: LocalChange): string | undefined => {
  const existing = standing.get(recordSetKey(recordSet));
  if (action === 'DELETE') return deleteMessage(existing, recordSet);
  if (action === 'CREATE' && existing !== undefined)
    return `Tried to create resource record set ${described(recordSet)} but it already exists`;
  return placeMessage(zone, standing, recordSet);
};

const apexMessages = (zone: Zone, standing: RecordSets): readonly string[] => {
  const has = (type: string) => standing.has(recordSetKey({ name: zone.name, type }));
  return [
    ...(has('SOA') ? [] : ['A HostedZone must contain exactly one SOA record.']),
    ...(has('NS') ? [] : ['A HostedZone must contain at least one NS record for the zone itself.']),
  ];
};

const applyInOrder = (zone: Zone, changes: readonly LocalChange[]): BatchResult => {
  const standing = new Map(zone.recordSets);
  const messages = [...sequenceMessages(changes)];
  for (const change of changes) {
    const message = protectionMessage(zone, change) ?? changeMessage(zone, standing, change);
    if (message !== undefined) messages.push(message);
    else if (change.action === 'DELETE') standing.delete(recordSetKey(change.recordSet));
    else standing.set(recordSetKey(change.recordSet), change.recordSet);
  }
  messages.push(...apexMessages(zone, standing));
  return messages.length > 0 ? { ok: false, messages } : { ok: true, recordSets: standing };
};

/**
 * Applies a change batch as Route 53 does: all of it or nothing, each change checked against what the ones before it leave, every
 * message of a failing batch reported. First the limits, then the syntax of every change, then the changes in order.
 */
export const applyBatch = (zone: Zone, changes: readonly LocalChange[]): BatchResult => {
  const tooMuch = limitMessages(changes);
  if (tooMuch.length > 0) return { ok: false, messages: tooMuch };
  const malformed = changes.flatMap(({ recordSet }) => syntaxMessages(zone, recordSet));
  if (malformed.length > 0) return { ok: false, messages: [...new Set(malformed)] };
  return applyInOrder(
    zone,
    changes.map(({ action, recordSet }) => ({
      action,
      recordSet: { ...recordSet, name: canonicalName(recordSet.name) },
    })),
  );
};
