import { describe, expect, it, test } from 'vitest';
import { mistakesOf, onlyRow, read } from '../../support/import-under-test.ts';

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const withHost = (host: string, zone?: string) => read(`host,ip\n${cell(host)},10.0.4.12\n`, zone);
const withTarget = (ip: string) => read(`host,ip\nx.corp.internal,10.0.0.1\na.corp.internal,${cell(ip)}\n`);
const withField = (field: string, value: string) =>
  read(`host,ip,${field}\na.corp.internal,10.0.4.12,${cell(value)}\n`);

describe('a hostname', () => {
  test.each([
    ['GitLab.Corp.Internal', undefined, 'gitlab.corp.internal'],
    ['gitlab.corp.internal.', undefined, 'gitlab.corp.internal'],
    ['\u00a0“gitlab.corp.internal”\u3000', undefined, 'gitlab.corp.internal'],
    ["'gitlab.corp.internal", undefined, 'gitlab.corp.internal'],
    ['git\u200blab.corp\u2060.internal\ufeff', undefined, 'gitlab.corp.internal'],
    ['gitlab', 'corp.internal', 'gitlab.corp.internal'],
    ['GitLab', 'Corp.Internal.', 'gitlab.corp.internal'],
    ['gitlab.mail', 'corp.internal', 'gitlab.mail'],
    ['gitlab.', 'corp.internal', 'gitlab'],
    ['gitlab', undefined, 'gitlab'],
    ['12', 'corp.internal', '12.corp.internal'],
  ])('%j in zone %s is %s', (text, zone, expected) => {
    expect(onlyRow(withHost(text, zone)).hostname).toBe(expected);
  });

  test.each([
    ['10.0.4.12', 'hostname-is-ip'],
    ['[fd00::1]', 'hostname-is-ip'],
    ['fd00::1', 'hostname-is-ip'],
    ['a_b.corp.internal', 'hostname-syntax'],
    ['a..b', 'hostname-syntax'],
    ['*.corp.internal', 'hostname-syntax'],
    ['-a.corp.internal', 'hostname-syntax'],
    ['a b.corp.internal', 'hostname-syntax'],
    ['a.corp.internal:25', 'hostname-syntax'],
    ['почта.corp.internal', 'idn'],
    ['почта', 'idn'],
    [`${'a'.repeat(64)}.corp.internal`, 'label-length'],
    [`${'a.'.repeat(130)}corp.internal`, 'name-length'],
  ])('%j is %s', (text, code) => {
    expect(mistakesOf(withHost(text, 'corp.internal'))).toEqual([`2:1 ${code}`]);
  });
});

describe('targets', () => {
  test.each([
    ['10.0.4.12', ['10.0.4.12']],
    [
      '10.0.4.12,10.0.4.13;10.0.4.14/10.0.4.15 10.0.4.16\n10.0.4.17\r\n10.0.4.11',
      ['10.0.4.12', '10.0.4.13', '10.0.4.14', '10.0.4.15', '10.0.4.16', '10.0.4.17', '10.0.4.11'],
    ],
    ['10.0.4.12 , , 10.0.4.13', ['10.0.4.12', '10.0.4.13']],
    ['[FD00:0:0:0:0:0:0:12]', ['fd00::12']],
    ['2001:DB8:0:0:1:0:0:1', ['2001:db8::1:0:0:1']],
    ['fd00:0:0:1:0:0:0:1, 10.0.4.12', ['fd00:0:0:1::1', '10.0.4.12']],
    ['LB.corp.internal.', ['lb.corp.internal']],
    ['127.0.0.1', ['127.0.0.1']],
  ])('%j are %j', (text, expected) => {
    expect(read(`host,ip\na.corp.internal,${cell(text)}\n`).rows[0]?.targets).toEqual(expected);
  });

  test.each([
    ['10.0.4', 'target-is-ip-or-name'],
    ['10.0.4.256', 'target-is-ip-or-name'],
    ['010.0.4.12', 'target-is-ip-or-name'],
    ['fe80::1%eth0', 'target-is-ip-or-name'],
    ['10.0.4.12/24', 'target-is-ip-or-name'],
    ['', 'target-is-ip-or-name'],
    ['NULL', 'target-is-ip-or-name'],
    ['a.corp.internal 10.0.4.12', 'cname-alone'],
    ['a.corp.internal;b.corp.internal', 'cname-alone'],
  ])('%j is %s', (text, code) => {
    expect(mistakesOf(withTarget(text))).toEqual([`3:2 ${code}`]);
  });

  it('are read in the standby alike', () => {
    expect(onlyRow(withField('standby', '[FD00::12] 10.0.4.18')).standby).toEqual(['fd00::12', '10.0.4.18']);
    expect(mistakesOf(withField('backup', '10.0.4'))).toEqual(['2:3 target-is-ip-or-name']);
  });
});

describe('numbers and modes', () => {
  test.each([
    ['port', '25', 'port', 25],
    ['port', '25.0', 'port', 25],
    ['port', '2525.00', 'port', 2525],
    ['port', '65535', 'port', 65_535],
    ['port', 'NULL', 'port', null],
    ['ttl', '0', 'ttl', 0],
    ['ttl', '2147483647', 'ttl', 2_147_483_647],
    ['ttl', '60.0', 'ttl', 60],
    ['tls', 'none', 'sslMode', 'None'],
    ['tls', 'AUTO', 'sslMode', 'Auto'],
    ['tls', 'StartTLS', 'sslMode', 'STARTTLS'],
    ['tls', 'tls', 'sslMode', 'TLS'],
  ] as const)('%s %s is %s %s', (field, text, member, expected) => {
    expect(onlyRow(withField(field, text))[member]).toBe(expected);
  });

  test.each([
    ['port', '0', 'port-range'],
    ['port', '65536', 'port-range'],
    ['port', '25.5', 'port-range'],
    ['port', '25.000', 'port-range'],
    ['port', '-1', 'port-range'],
    ['port', 'smtp', 'port-range'],
    ['port', '9'.repeat(5000), 'port-range'],
    ['ttl', '2147483648', 'ttl-range'],
    ['ttl', '1h', 'ttl-range'],
    ['ttl', '-1', 'ttl-range'],
    ['ttl', '3,600', 'ttl-range'],
    ['ssl mode', 'SSL', 'ssl-mode'],
    ['name', 'n'.repeat(81), 'text-length'],
    ['owner', 'n'.repeat(81), 'text-length'],
    ['note', 'n'.repeat(501), 'text-length'],
  ])('%s %s is %s', (field, text, code) => {
    expect(mistakesOf(withField(field, text))).toEqual([`2:3 ${code}`]);
  });
});

describe('texts', () => {
  test.each([
    ['one\r\n two \t three', 'one two three'],
    ['a  b', 'a  b'],
    ['say “hello” twice', 'say “hello” twice'],
    ['“GitLab”', 'GitLab'],
    ['„GitLab“', 'GitLab'],
    ["'=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"],
    ['"GitLab"', 'GitLab'],
    ['😀'.repeat(80), '😀'.repeat(80)],
    ['NULL', null],
    ['NULLs', 'NULLs'],
  ])('%j is %j', (text, expected) => {
    expect(onlyRow(withField('name', text)).name).toBe(expected);
  });
});
