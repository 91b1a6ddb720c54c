import type { ChangeInfo } from './hosted-zones.ts';
import type { LocalRecordSet } from './record-set.ts';
import type { ServiceError } from './service-error.ts';
import { element, optionalElement, type Xml, xmlDocument } from './xml.ts';
import type { LocalVpc, LocalZone } from './zone.ts';

/** An HTTP answer, ready to send. */
export type HttpAnswer = {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};

/** ChangeInfo, as every write and GetChange return it. */
export const changeInfoXml = ({ id, status, submittedAtMs, comment }: ChangeInfo): Xml =>
  element('ChangeInfo', [
    element('Id', `/change/${id}`),
    element('Status', status),
    element('SubmittedAt', new Date(submittedAtMs).toISOString()),
    optionalElement('Comment', comment),
  ]);

/** HostedZone, as the zone operations return it. */
export const hostedZoneXml = (zone: LocalZone): Xml =>
  element('HostedZone', [
    element('Id', `/hostedzone/${zone.id}`),
    element('Name', `${zone.name}.`),
    element('CallerReference', zone.callerReference),
    element('Config', [optionalElement('Comment', zone.comment), element('PrivateZone', zone.isPrivate)]),
    element('ResourceRecordSetCount', zone.recordSets.size),
  ]);

/** A VPC of a private zone. */
export const vpcXml = ({ id, region }: LocalVpc): Xml =>
  element('VPC', [element('VPCRegion', region), element('VPCId', id)]);

/** A record set, as ListResourceRecordSets returns it. */
export const recordSetXml = (set: LocalRecordSet): Xml =>
  element('ResourceRecordSet', [
    element('Name', `${set.name}.`),
    element('Type', set.type),
    optionalElement('SetIdentifier', set.setIdentifier),
    optionalElement('Weight', set.weight),
    optionalElement('Region', set.region),
    set.geoLocationCountry === undefined
      ? undefined
      : element('GeoLocation', [element('CountryCode', set.geoLocationCountry)]),
    optionalElement('Failover', set.failover),
    optionalElement('MultiValueAnswer', set.multiValueAnswer),
    optionalElement('TTL', set.ttlSeconds),
    set.values.length === 0
      ? undefined
      : element(
          'ResourceRecords',
          set.values.map((value) => element('ResourceRecord', [element('Value', value)])),
        ),
    set.aliasTarget === undefined
      ? undefined
      : element('AliasTarget', [
          element('HostedZoneId', set.aliasTarget.hostedZoneId),
          element('DNSName', set.aliasTarget.dnsName),
          element('EvaluateTargetHealth', set.aliasTarget.evaluateTargetHealth),
        ]),
    optionalElement('HealthCheckId', set.healthCheckId),
    optionalElement('TrafficPolicyInstanceId', set.trafficPolicyInstanceId),
  ]);

const errorMessage = ({ code, messages }: ServiceError): string =>
  code === 'InvalidChangeBatch' ? `[${messages.join(', ')}]` : messages.join(', ');

/** An error as the service words it today: all messages of an InvalidChangeBatch in one text, `[first, second]`. */
export const errorAnswer = (error: ServiceError, requestId: string): HttpAnswer => ({
  statusCode: error.statusCode,
  body: xmlDocument('ErrorResponse', [
    element('Error', [
      element('Type', error.statusCode < 500 ? 'Sender' : 'Receiver'),
      element('Code', error.code),
      element('Message', errorMessage(error)),
    ]),
    element('RequestId', requestId),
  ]),
});

/** An InvalidChangeBatch in the form that the API reference shows, one element a message. */
export const legacyBatchErrorAnswer = (error: ServiceError, requestId: string): HttpAnswer => ({
  statusCode: error.statusCode,
  body: xmlDocument('InvalidChangeBatch', [
    element(
      'Messages',
      error.messages.map((message) => element('Message', message)),
    ),
    element('RequestId', requestId),
  ]),
});
