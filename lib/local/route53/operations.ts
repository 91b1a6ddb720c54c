import { compareReversedLabels } from '../../core/dns/reversed-label-order.ts';
import { parseName } from '../../core/endpoint/name.ts';
import type { Operation } from './faults.ts';
import type { HostedZones } from './hosted-zones.ts';
import { listRecordSets, recordSetsPageMaximum } from './list-record-sets.ts';
import { parseAssociate, parseChangeBatch, parseCreateHostedZone, parseMaxItems } from './requests.ts';
import { changeInfoXml, type HttpAnswer, hostedZoneXml, recordSetXml, vpcXml } from './responses.ts';
import { notFound, refused, type ServiceResult } from './service-error.ts';
import { element, optionalElement, xmlDocument } from './xml.ts';
import { protectionsOf } from './zone.ts';

const zonesPageMaximum = 100;

/** A request that names an operation: `id` is the path's. */
export type RoutedRequest = {
  readonly operation: Operation;
  readonly id: string;
  readonly query: URLSearchParams;
  readonly body: string;
};

type Handler = (zones: HostedZones, request: RoutedRequest) => ServiceResult<HttpAnswer>;

const answered = (
  body: string,
  statusCode = 200,
  headers: Readonly<Record<string, string>> = {},
): ServiceResult<HttpAnswer> => ({ ok: true, value: { statusCode, headers, body } });

const routes: readonly (readonly [method: string, path: RegExp, operation: Operation])[] = [
  ['POST', /^\/hostedzone$/, 'CreateHostedZone'],
  ['GET', /^\/hostedzone$/, 'ListHostedZones'],
  ['GET', /^\/hostedzonesbyname$/, 'ListHostedZonesByName'],
  ['GET', /^\/hostedzonesbyvpc$/, 'ListHostedZonesByVPC'],
  ['GET', /^\/hostedzone\/([^/]+)$/, 'GetHostedZone'],
  ['DELETE', /^\/hostedzone\/([^/]+)$/, 'DeleteHostedZone'],
  ['POST', /^\/hostedzone\/([^/]+)\/associatevpc$/, 'AssociateVPCWithHostedZone'],
  ['POST', /^\/hostedzone\/([^/]+)\/rrset$/, 'ChangeResourceRecordSets'],
  ['GET', /^\/hostedzone\/([^/]+)\/rrset$/, 'ListResourceRecordSets'],
  ['GET', /^\/hostedzone\/([^/]+)\/rrsetprotection$/, 'ListResourceRecordSetProtections'],
  ['GET', /^\/change\/([^/]+)$/, 'GetChange'],
];

/** Which operation a method and a path (without query, with or without trailing slash) name. */
export const route = (method: string, pathname: string): Pick<RoutedRequest, 'operation' | 'id'> | undefined => {
  const path = /^\/2013-04-01(\/.*?)\/?$/.exec(pathname)?.[1];
  if (path === undefined) return undefined;
  for (const [wantedMethod, pattern, operation] of routes) {
    const match = pattern.exec(path);
    if (match !== null && method === wantedMethod) return { operation, id: decodeURIComponent(match[1] ?? '') };
  }
  return undefined;
};

const createHostedZone: Handler = (zones, { body }) => {
  const request = parseCreateHostedZone(body);
  if (!request.ok) return request;
  const created = zones.create(request.value);
  if (!created.ok) return created;
  const { zone, change } = created.value;
  const nameServers = [...zone.recordSets.values()].find((set) => set.type === 'NS')?.values ?? [];
  return answered(
    xmlDocument('CreateHostedZoneResponse', [
      hostedZoneXml(zone),
      changeInfoXml(change),
      element('DelegationSet', [
        element(
          'NameServers',
          nameServers.map((name) => element('NameServer', name.replace(/\.$/, ''))),
        ),
      ]),
      ...zone.vpcs.map(vpcXml),
    ]),
    201,
    { Location: `https://route53.amazonaws.com/2013-04-01/hostedzone/${zone.id}` },
  );
};

const getHostedZone: Handler = (zones, { id }) => {
  const zone = zones.get(id);
  if (!zone.ok) return zone;
  const vpcs = zone.value.vpcs.length === 0 ? undefined : element('VPCs', zone.value.vpcs.map(vpcXml));
  return answered(xmlDocument('GetHostedZoneResponse', [hostedZoneXml(zone.value), vpcs]));
};

const deleteHostedZone: Handler = (zones, { id }) => {
  const change = zones.remove(id);
  return change.ok ? answered(xmlDocument('DeleteHostedZoneResponse', [changeInfoXml(change.value)])) : change;
};

const listHostedZones: Handler = (zones, { query }) => {
  const pageSize = parseMaxItems(query.get('maxitems'), zonesPageMaximum);
  if (!pageSize.ok) return pageSize;
  const marker = query.get('marker');
  const isWanted = query.get('hostedzonetype') === 'PrivateHostedZone';
  const all = zones.list().filter((zone) => !isWanted || zone.isPrivate);
  const from = marker === null ? 0 : all.findIndex((zone) => zone.id === marker);
  if (from === -1) return notFound('NoSuchHostedZone', `No hosted zone found with ID: ${marker}`);
  const next = all[from + pageSize.value];
  return answered(
    xmlDocument('ListHostedZonesResponse', [
      element('HostedZones', all.slice(from, from + pageSize.value).map(hostedZoneXml)),
      element('Marker', marker ?? ''),
      element('IsTruncated', next !== undefined),
      optionalElement('NextMarker', next?.id),
      element('MaxItems', pageSize.value),
    ]),
  );
};

const listHostedZonesByName: Handler = (zones, { query }) => {
  const pageSize = parseMaxItems(query.get('maxitems'), zonesPageMaximum);
  if (!pageSize.ok) return pageSize;
  const [dnsName, zoneId] = [query.get('dnsname'), query.get('hostedzoneid')];
  const parsed = dnsName === null ? undefined : parseName(dnsName);
  if (parsed?.ok === false) return refused('InvalidDomainName', `${dnsName} is not a valid domain name`);
  const startName = parsed?.name;
  const sorted = zones
    .list()
    .toSorted((left, right) => compareReversedLabels(left.name, right.name) || (left.id < right.id ? -1 : 1));
  const from = sorted.filter((zone) => {
    const order = startName === undefined ? 1 : compareReversedLabels(zone.name, startName);
    return order < 0 || (order === 0 && zoneId !== null && zone.id < zoneId);
  }).length;
  const next = sorted[from + pageSize.value];
  return answered(
    xmlDocument('ListHostedZonesByNameResponse', [
      element('HostedZones', sorted.slice(from, from + pageSize.value).map(hostedZoneXml)),
      optionalElement('DNSName', dnsName ?? undefined),
      optionalElement('HostedZoneId', zoneId ?? undefined),
      element('IsTruncated', next !== undefined),
      next === undefined ? undefined : element('NextDNSName', `${next.name}.`),
      optionalElement('NextHostedZoneId', next?.id),
      element('MaxItems', pageSize.value),
    ]),
  );
};

const listHostedZonesByVpc: Handler = (zones, { query }) => {
  const pageSize = parseMaxItems(query.get('maxitems'), zonesPageMaximum);
  if (!pageSize.ok) return pageSize;
  const [vpcId, region, token] = [query.get('vpcid') ?? '', query.get('vpcregion') ?? '', query.get('nexttoken')];
  if (region === '') return refused('InvalidInput', 'vpcregion is missing');
  if (!/^vpc-[0-9a-z]{1,32}$/.test(vpcId)) return refused('InvalidVPCId', `The VPC ID ${vpcId} is invalid.`);
  const seen = zones.list().filter((zone) => zone.vpcs.some((vpc) => vpc.id === vpcId && vpc.region === region));
  const from = token === null ? 0 : seen.findIndex((zone) => zone.id === token);
  if (from === -1)
    return refused(
      'InvalidPaginationToken',
      'The value that you specified to get the second or subsequent page of results is invalid.',
    );
  const summaries = seen
    .slice(from, from + pageSize.value)
    .map((zone) =>
      element('HostedZoneSummary', [
        element('HostedZoneId', zone.id),
        element('Name', `${zone.name}.`),
        element('Owner', [element('OwningAccount', '000000000000')]),
      ]),
    );
  return answered(
    xmlDocument('ListHostedZonesByVPCResponse', [
      element('HostedZoneSummaries', summaries),
      element('MaxItems', pageSize.value),
      optionalElement('NextToken', seen[from + pageSize.value]?.id),
    ]),
  );
};

const associateVpc: Handler = (zones, { id, body }) => {
  const request = parseAssociate(body);
  if (!request.ok) return request;
  const change = zones.associate(id, request.value.vpc, request.value.comment);
  if (!change.ok) return change;
  return answered(xmlDocument('AssociateVPCWithHostedZoneResponse', [changeInfoXml(change.value)]));
};

const changeRecordSets: Handler = (zones, { id, body }) => {
  const request = parseChangeBatch(body);
  if (!request.ok) return request;
  const change = zones.change(id, request.value.changes, request.value.comment);
  if (!change.ok) return change;
  return answered(xmlDocument('ChangeResourceRecordSetsResponse', [changeInfoXml(change.value)]));
};

const listResourceRecordSets: Handler = (zones, { id, query }) => {
  const pageSize = parseMaxItems(query.get('maxitems'), recordSetsPageMaximum);
  if (!pageSize.ok) return pageSize;
  const [name, type, identifier] = [query.get('name'), query.get('type'), query.get('identifier')];
  if (name === null && type !== null) return refused('InvalidInput', 'type is given without name');
  if (type === null && identifier !== null) return refused('InvalidInput', 'identifier is given without type');
  if (name !== null && !parseName(name).ok) return refused('InvalidInput', `name is ${name}; it must be a domain name`);
  const zone = zones.get(id);
  if (!zone.ok) return zone;
  const start = { name: name ?? undefined, type: type ?? undefined, identifier: identifier ?? undefined };
  const { recordSets, next } = listRecordSets(zone.value.recordSets, start, pageSize.value);
  return answered(
    xmlDocument('ListResourceRecordSetsResponse', [
      element('ResourceRecordSets', recordSets.map(recordSetXml)),
      element('IsTruncated', next !== undefined),
      element('MaxItems', pageSize.value),
      next === undefined ? undefined : element('NextRecordName', `${next.name}.`),
      optionalElement('NextRecordType', next?.type),
      optionalElement('NextRecordIdentifier', next?.setIdentifier),
    ]),
  );
};

const listProtections: Handler = (zones, { id, query }) => {
  const pageSize = parseMaxItems(query.get('maxresults'), recordSetsPageMaximum);
  if (!pageSize.ok) return pageSize;
  const zone = zones.get(id);
  if (!zone.ok) return zone;
  const all = protectionsOf(zone.value);
  const from = Number(query.get('nexttoken') ?? 0);
  if (!Number.isInteger(from) || from < 0 || from > all.length)
    return refused('InvalidPaginationToken', 'The value of NextToken is invalid.');
  const end = from + pageSize.value;
  return answered(
    xmlDocument('ListResourceRecordSetProtectionsResponse', [
      element(
        'ResourceRecordSetProtections',
        all
          .slice(from, end)
          .map(({ name, type, comment }) =>
            element('ResourceRecordSetProtection', [
              element('RecordName', `${name}.`),
              element('RecordType', type),
              optionalElement('Comment', comment),
            ]),
          ),
      ),
      optionalElement('NextToken', end < all.length ? String(end) : undefined),
    ]),
  );
};

const getChange: Handler = (zones, { id }) => {
  const change = zones.changeInfo(id);
  return change.ok ? answered(xmlDocument('GetChangeResponse', [changeInfoXml(change.value)])) : change;
};

const handlers: Readonly<Record<Operation, Handler>> = {
  AssociateVPCWithHostedZone: associateVpc,
  ChangeResourceRecordSets: changeRecordSets,
  CreateHostedZone: createHostedZone,
  DeleteHostedZone: deleteHostedZone,
  GetChange: getChange,
  GetHostedZone: getHostedZone,
  ListHostedZones: listHostedZones,
  ListHostedZonesByName: listHostedZonesByName,
  ListHostedZonesByVPC: listHostedZonesByVpc,
  ListResourceRecordSetProtections: listProtections,
  ListResourceRecordSets: listResourceRecordSets,
};

/** Carries out one request. */
export const perform = (zones: HostedZones, request: RoutedRequest): ServiceResult<HttpAnswer> =>
  handlers[request.operation](zones, request);
