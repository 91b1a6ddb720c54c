import { describe, expect, it, test } from 'vitest';
import { mistakesOf, onlyRow, read, rowsOf, whyNot } from '../../support/import-under-test.ts';

const utf16 = (text: string, isBigEndian = false): Uint8Array => {
  const octets = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBigEndian ? octets.swap16() : octets;
};

describe('encodings', () => {
  const text = 'host;ip;name\r\na.corp.internal;10.0.4.12;Büro “Süd”\r\n';
  test.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE', utf16(text)],
    ['UTF-16 BE', utf16(text, true)],
    ['Windows-1252', Buffer.from(text.replace('“', '\x93').replace('”', '\x94'), 'latin1')],
    [
      'UTF-8 with its mark, spoiled',
      Buffer.concat([
        Buffer.from([0xef, 0xbb, 0xbf]),
        Buffer.from(text.replace('“', '\x93').replace('”', '\x94'), 'latin1'),
      ]),
    ],
  ])('%s is read', (_, octets) => {
    expect(onlyRow(read(octets)).name).toBe('Büro “Süd”');
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(), /^It is empty\.$/],
    ['white space', Buffer.from('\ufeff\r\n \t\n'), /^It is empty\.$/],
    ['a workbook', Buffer.from('PK\x03\x04\0\0', 'latin1'), /CSV UTF-8/],
    ['a binary file', Buffer.from('\x7fELF\0\0\0', 'latin1'), /binary/],
    ['UTF-16 without its mark', Buffer.from('host,ip\n', 'utf16le'), /binary/],
    ['30 MB', Buffer.alloc(30_000_000, 'a'), /^It has 28\.6 MB; at most 10\.0 MB/],
    ['many lines', Buffer.from('\n'.repeat(200_001).concat('a')), /^It has 200002 lines; at most 200000/],
    ['only comments', Buffer.from('; Transfer failed.\n'), /It is not known which column/],
  ])('%s is not, and it is said why', (_, octets, expected) => {
    expect(whyNot(octets)).toMatch(expected);
  });
});

describe('Excel and Google Sheets', () => {
  it('"CSV UTF-8" of Excel in Germany: its mark, semicolons, CRLF, LF inside a cell', () => {
    const answer = read(
      '\ufeffHostname;IP-Address;Port;SSL Mode;TTL;Description;Team;Comment\r\nGitLab;"10.0.4.12\n10.0.4.13";25;Auto;60;"Repo; ""main""";Platform;\r\n;;;;;;;\r\n',
      'corp.internal',
    );
    expect(onlyRow(answer)).toEqual({
      hostname: 'gitlab.corp.internal',
      targets: ['10.0.4.12', '10.0.4.13'],
      standby: [],
      port: 25,
      sslMode: 'Auto',
      ttl: 60,
      name: 'Repo; "main"',
      owner: 'Platform',
      note: null,
      line: 2,
    });
    expect(answer.mistakes).toEqual([]);
  });

  it('"Unicode Text" of Excel: UTF-16, tabs, quotes around what has a quote', () => {
    const answer = read(utf16('Host\tIP\tPort\tName\r\na.corp.internal\t10.0.4.12\t25.00\t"12"" rack"\r\n\t\t\t\r\n'));
    expect(onlyRow(answer)).toMatchObject({ port: 25, name: '12" rack' });
  });

  it('"CSV (Macintosh)": lone CR', () => {
    expect(rowsOf(read('host,ip\ra.corp.internal,10.0.4.1\rb.corp.internal,10.0.4.2\r'))).toEqual([
      '2 a.corp.internal 10.0.4.1 -',
      '3 b.corp.internal 10.0.4.2 -',
    ]);
  });

  it('Google Sheets: CRLF, quotes only where they are needed, none at the end', () => {
    expect(
      rowsOf(read('Host,IP,Note\r\na.corp.internal,"10.0.4.1, 10.0.4.2","say ""hi"""\r\nb.corp.internal,10.0.4.3,')),
    ).toEqual(['2 a.corp.internal 10.0.4.1,10.0.4.2 -', '3 b.corp.internal 10.0.4.3 -']);
  });
});

describe('zone files', () => {
  it('BIND, as named-compilezone and rndc dump it in relative style', () => {
    const file = [
      '$ORIGIN .',
      '$TTL 60	; 1 minute',
      'corp.internal		IN SOA	ns.corp.internal. hostmaster.corp.internal. (',
      '				42         ; serial',
      '				7200       ; refresh (2 hours)',
      '				900        ; retry (15 minutes)',
      '				1209600    ; expire (2 weeks)',
      '				86400      ; minimum (1 day)',
      '				)',
      '			NS	ns.corp.internal.',
      '$ORIGIN corp.internal.',
      'gitlab			A	10.0.4.12',
      '			A	10.0.4.13',
      '			AAAA	fd00::12',
      '$TTL 300	; 5 minutes',
      'tickets			CNAME	gitlab',
      '',
    ].join('\n');
    expect(rowsOf(read(file))).toEqual([
      '12 gitlab.corp.internal 10.0.4.12,10.0.4.13,fd00::12 60',
      '16 tickets.corp.internal gitlab.corp.internal 300',
    ]);
  });

  it('dig axfr', () => {
    const file = [
      '',
      '; <<>> DiG 9.18.28 <<>> @10.0.0.2 corp.internal axfr',
      '; (1 server found)',
      ';; global options: +cmd',
      'corp.internal.		900	IN	SOA	ns. hostmaster. 1 7200 900 1209600 86400',
      'corp.internal.		172800	IN	NS	ns.',
      'gitlab.corp.internal.	60	IN	A	10.0.4.12',
      '_postal-endpoint.gitlab.corp.internal. 60 IN TXT "v=1 g=2"',
      'corp.internal.		900	IN	SOA	ns. hostmaster. 1 7200 900 1209600 86400',
      ';; Query time: 0 msec',
      ';; SERVER: 10.0.0.2#53(10.0.0.2) (TCP)',
      ';; XFR size: 5 records (messages 1, bytes 300)',
      '',
    ].join('\n');
    const answer = read(file);
    expect(rowsOf(answer)).toEqual(['7 gitlab.corp.internal 10.0.4.12 60']);
    expect(answer.leftOut.map(({ line }) => line)).toEqual([5, 6, 8, 9]);
    expect(answer.mistakes).toEqual([]);
  });

  it('NSD and Knot: absolute names, with class and without', () => {
    const nsd =
      '; zone corp.internal written by NSD 4.8.0\ncorp.internal.\t3600\tIN\tSOA\tns. h. 1 2 3 4 5\ngitlab.corp.internal.\t3600\tIN\tA\t10.0.4.12\n';
    const knot =
      ';; Zone dump (Knot DNS 3.3.4)\ncorp.internal.      \t3600\tSOA\tns. h. 1 2 3 4 5\ngitlab.corp.internal.\t3600\tA\t10.0.4.12\n;; Written 2 records\n;; Time 2026-11-30 00:00:00 UTC\n';
    for (const file of [nsd, knot]) expect(rowsOf(read(file))).toEqual(['3 gitlab.corp.internal 10.0.4.12 3600']);
  });

  it('cli53: aliases of class AWS, routing in comments', () => {
    const file = [
      '$ORIGIN corp.internal.',
      '@	900	IN	SOA	ns-0.awsdns-00.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400',
      'gitlab	60	IN	A	10.0.4.12 ; AWS routing="WEIGHTED" weight=1 identifier="one"',
      'gitlab	60	IN	A	10.0.4.13 ; AWS routing="WEIGHTED" weight=1 identifier="two"',
      'www	86400	AWS	ALIAS	A lb.eu-central-1.elb.amazonaws.com. Z215JYRZR1TBD5 false',
      '\\052.apps	60	IN	A	10.0.4.14',
      '',
    ].join('\n');
    const answer = read(file);
    expect(rowsOf(answer)).toEqual([
      '3 gitlab.corp.internal 10.0.4.12,10.0.4.13 60',
      '6 4.apps.corp.internal 10.0.4.14 60',
    ]);
    expect(answer.leftOut.map(({ what }) => what)).toEqual(['corp.internal SOA', 'www.corp.internal AWS ALIAS']);
  });

  it('DNSControl and octoDNS: $ORIGIN, default TTL, owners only once', () => {
    const file =
      '$ORIGIN corp.internal.\n$TTL 300\n; generated with dnscontrol 2026-11-30\n@                IN SOA   ns1. h. 1 3600 600 604800 1440\n                 IN NS    ns1.\ngitlab       60  IN A     10.0.4.12\n             60  IN A     10.0.4.13\nlb               IN CNAME gitlab.corp.internal.\n; www  300 IN R53_ALIAS  A lb. atype=A\n';
    expect(rowsOf(read(file))).toEqual([
      '6 gitlab.corp.internal 10.0.4.12,10.0.4.13 60',
      '8 lb.corp.internal gitlab.corp.internal 300',
    ]);
  });

  it('Windows DNS: no $ORIGIN, no $TTL, time stamps, WINS', () => {
    const file = [
      ';',
      ';  Database file corp.internal.dns for corp.internal zone.',
      ';      Zone version:  42',
      ';',
      '',
      '@                       IN  SOA dc1.corp.internal. hostmaster.corp.internal. (',
      '                        		42           ; serial number',
      '                        		900          ; refresh',
      '                        		600          ; retry',
      '                        		86400        ; expire',
      '                        		3600       ) ; default TTL',
      '',
      '@                       NS	dc1.corp.internal.',
      '@                       [AGE:3612345]	600	A	10.0.0.1',
      '@                       WINS	L2 C900 ( 10.0.0.1 )',
      '_ldap._tcp              600	SRV	0 100 389	dc1.corp.internal.',
      'gitlab                  A	10.0.4.12',
      'tickets                 1200	CNAME	gitlab.corp.internal.',
      '',
    ].join('\r\n');
    const answer = read(file, 'corp.internal');
    expect(rowsOf(answer)).toEqual([
      '14 corp.internal 10.0.0.1 600',
      '17 gitlab.corp.internal 10.0.4.12 3600',
      '18 tickets.corp.internal gitlab.corp.internal 1200',
    ]);
    expect(mistakesOf(answer)).toEqual([]);
    expect(answer.leftOut.map(({ line }) => line)).toEqual([6, 13, 15, 16]);
  });

  it('whose first owner is called like a column', () => {
    for (const owner of ['host', 'ip', 'port', 'backup'])
      expect(read(`${owner}\t60\tIN\tA\t10.0.4.12\n`, 'corp.internal').format).toBe('zone');
  });
});
