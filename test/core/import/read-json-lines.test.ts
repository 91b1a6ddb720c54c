import { describe, expect, it, test } from 'vitest';
import { registryRow } from '../../../lib/core/endpoint/registry-row.ts';
import { registryText } from '../../../lib/core/import/registry-text.ts';
import { definitionSchema } from '../../../lib/core/ledger/entry-schema.ts';
import { mistakesOf, onlyRow, read, rowsOf, whyNot } from '../../support/import-under-test.ts';

describe('JSON lines', () => {
  it('have fields named as in rows or as the headers of CSV, and targets as a list or a text', () => {
    const file = [
      '{"hostname":"A.corp.internal.","targets":["10.0.4.1","FD00:0::1"],"standby":["10.0.4.9"],"port":25,"sslMode":"tls","ttl":60,"name":"x","owner":null,"note":"a\\nb"}',
      '',
      ' {"FQDN":"b","ip":"10.0.4.2; 10.0.4.3","port":"25.0","SSL mode":"Auto","endpoint name":7} ',
      '\r',
    ].join('\n');
    const answer = read(file, 'corp.internal');
    expect(answer).toMatchObject({ format: 'jsonl', mistakes: [], leftOut: [] });
    expect(answer.rows).toEqual([
      {
        hostname: 'a.corp.internal',
        targets: ['10.0.4.1', 'fd00::1'],
        standby: ['10.0.4.9'],
        port: 25,
        sslMode: 'TLS',
        ttl: 60,
        name: 'x',
        owner: null,
        note: 'a b',
        line: 1,
      },
      {
        hostname: 'b.corp.internal',
        targets: ['10.0.4.2', '10.0.4.3'],
        standby: [],
        port: 25,
        sslMode: 'Auto',
        ttl: null,
        name: '7',
        owner: null,
        note: null,
        line: 3,
      },
    ]);
  });

  it('count every kind of line break', () => {
    const file =
      '\r\r\n\n{"host":"a.corp.internal","ip":"10.0.4.1"}\r{"host":"b.corp.internal","ip":"10.0.4.2"}\r\nx\n';
    const answer = read(file);
    expect(rowsOf(answer)).toEqual(['4 a.corp.internal 10.0.4.1 -', '5 b.corp.internal 10.0.4.2 -']);
    expect(mistakesOf(answer)).toEqual(['6:- json-syntax']);
  });

  test.each([
    ['[1,2]'],
    ['"text"'],
    ['null'],
    ['42'],
    ['{"host":"b.corp.internal"'],
    ["{'host':'b.corp.internal'}"],
    ['{"host":"b.corp.internal","ip":{"a":1}}'],
    ['{"host":"b.corp.internal","ip":"10.0.4.2","port":[25]}'],
  ])('%s is not an endpoint, before others and after them', (line) => {
    const good = '{"host":"a.corp.internal","ip":"10.0.4.1"}';
    expect(mistakesOf(read(`${good}\n${line}\n`))).toEqual(['2:- json-syntax']);
    expect(mistakesOf(read(`${line}\n${good}\n`))).toEqual(['1:- json-syntax']);
  });

  it('leave out a field that is not understood, each time', () => {
    const file =
      '{"host":"a.corp.internal","ip":"10.0.4.1","rack":1,"line":9}\n{"host":"b.corp.internal","ip":"10.0.4.2","rack":null}\n';
    expect(read(file)).toMatchObject({
      mistakes: [],
      leftOut: [
        { line: 1, what: 'field "rack"' },
        { line: 2, what: 'field "rack"' },
      ],
    });
  });

  it('have the rules of CSV: hostnames again, an empty target, no target anywhere', () => {
    const again =
      '{"host":"a","ip":"10.0.4.1"}\n{"host":"A","ip":["10.0.4.1"]}\n{"host":"a","ip":"10.0.4.2"}\n{"host":"b"}\n{"ip":"10.0.4.3"}\n';
    const answer = read(again);
    expect(answer.leftOut).toMatchObject([{ line: 2 }]);
    expect(mistakesOf(answer)).toEqual(['3:- duplicate-hostname', '4:- target-is-ip-or-name', '5:- hostname-syntax']);
    expect(onlyRow(read('{"host":"a","targets":[]}\n')).targets).toEqual([]);
  });
});

it('the registry, as export --registry writes it, is read without a mistake', () => {
  const definition = definitionSchema.parse({
    hostname: 'gitlab.corp.internal',
    targets: { kind: 'addresses', addresses: ['10.0.4.12', 'fd00::12'] },
    standby: { kind: 'cname', cname: 'lb.corp.internal' },
    port: 2525,
    sslMode: 'STARTTLS',
    ttlSeconds: 60,
    name: 'GitLab “old”',
    note: '=1+1',
  });
  const { line, ...row } = onlyRow(read(registryText('jsonl', [registryRow(definition)])));
  expect(line).toBe(1);
  expect(`${JSON.stringify(row)}\n`).toBe(registryText('jsonl', [registryRow(definition)]));
});

test.each([
  [
    '{"stream":"a.corp.internal","sequence":1,"at":"2026-01-01T00:00:00.000Z","previousHash":"0","hash":"1","body":{}}\n',
    /history.*export --registry/,
  ],
  [
    '{"at":"2026-01-01T00:00:00.000Z","postalSchema":"20250915065902","endpoints":[],"routes":[],"registeredNotInPostal":[]}',
    /--from-audit/,
  ],
  ['{\n  "postalSchema": "1",\n  "endpoints": [],\n  "registeredNotInPostal": []\n}\n', /--from-audit/],
])('%j is another file of this program, and the way is said', (file, expected) => {
  expect(whyNot(file)).toMatch(expected);
});
