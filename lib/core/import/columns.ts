import { cellText } from './cell.ts';

/** A field of an endpoint that a file may have. */
export type Field = 'hostname' | 'targets' | 'standby' | 'port' | 'sslMode' | 'ttl' | 'name' | 'owner' | 'note';

/** What people and programs call each field, without spaces, `_` and `-`. */
const headersOf: Readonly<Record<Field, readonly string[]>> = {
  hostname: ['hostname', 'host', 'nameofthehost', 'fqdn', 'dnsname', 'recordname', '主机名'],
  targets: [
    'target',
    'targets',
    'target(s)',
    'address',
    'addresses',
    'address(es)',
    'ip',
    'value',
    'ipaddress',
    '地址',
  ],
  standby: ['standby', 'backup'],
  port: ['port', '端口'],
  sslMode: ['sslmode', 'tls', 'encryption'],
  ttl: ['ttl'],
  name: ['name', 'endpoint', 'endpointname', 'description'],
  owner: ['owner', 'team'],
  note: ['note', 'comment'],
};

const fields: readonly Field[] = ['hostname', 'targets', 'standby', 'port', 'sslMode', 'ttl', 'name', 'owner', 'note'];

const fieldOfHeader: ReadonlyMap<string, Field> = new Map(
  fields.flatMap((field) => headersOf[field].map((header) => [header, field] as const)),
);

/** The field that a header names; undefined where it is not understood. */
export const fieldOf = (header: string): Field | undefined =>
  header.length > 100
    ? undefined
    : fieldOfHeader.get(
        cellText(header)
          .replace(/[\s_-]+/g, '')
          .toLowerCase(),
      );
