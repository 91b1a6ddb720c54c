import { describe, expect, it, test } from 'vitest';
import { mistakesOf, read, rowsOf } from '../../../support/import-under-test.ts';

const zone = 'corp.internal';
const leftOut = (file: string): readonly string[] =>
  read(file, zone).leftOut.map(({ line, what }) => `${line} ${what}`);

describe('records', () => {
  it('make a row of an owner, its addresses in the order of the file, at its first record and with its TTL', () => {
    const file =
      '$TTL 300\na TXT "x"\na 60 AAAA FD00::1\nb A 10.0.4.2\nA.corp.internal. IN A 10.0.4.1\n  0 A 10.0.4.3\nc CNAME LB\n';
    const answer = read(file, zone);
    expect(rowsOf(answer)).toEqual([
      '3 a.corp.internal fd00::1,10.0.4.1,10.0.4.3 60',
      '4 b.corp.internal 10.0.4.2 300',
      '7 c.corp.internal lb.corp.internal 300',
    ]);
    expect(answer).toMatchObject({ format: 'zone', mistakes: [], leftOut: [{ line: 2, what: 'a.corp.internal TXT' }] });
  });

  test.each([
    ['a A 10.0.4.1', '-'],
    ['a 60 A 10.0.4.1', '60'],
    ['a IN A 10.0.4.1', '-'],
    ['a IN 60 A 10.0.4.1', '60'],
    ['a 60 in a 10.0.4.1', '60'],
    ['a 1h30m IN A 10.0.4.1', '5400'],
    ['a 1W2D3H4M5S A 10.0.4.1', '788645'],
    ['a CLASS1 TYPE1 \\# 4 0A000401', '-'],
    ['a\tA ( ; why\n 10.0.4.1 ; here\n )', '-'],
    ['"a" A 10.0.4.1', '-'],
    ['\\097 A 10.0.4.1', '-'],
    ['a A(10.0.4.1)', '-'],
    ['a A 10.0.4.1;comment', '-'],
    ['a [AGE:3612345] 60 A 10.0.4.1', '60'],
  ])('%j is read', (line, ttl) => {
    const answer = read(`x A 10.0.0.1\n${line}\n`, zone);
    expect(answer.mistakes).toEqual([]);
    expect(rowsOf(answer)[1]).toBe(`2 a.corp.internal 10.0.4.1 ${ttl}`);
  });

  it('follow $ORIGIN, absolute, relative and @; before the first one, --zone', () => {
    const file =
      'a A 10.0.4.1\n$ORIGIN mail\nb A 10.0.4.2\n@ A 10.0.4.3\n$ORIGIN Example.ORG.\nc CNAME @\nd.e. A 10.0.4.4\n$ORIGIN .\nf.corp A 10.0.4.5\n';
    expect(rowsOf(read(file, zone))).toEqual([
      '1 a.corp.internal 10.0.4.1 -',
      '3 b.mail.corp.internal 10.0.4.2 -',
      '4 mail.corp.internal 10.0.4.3 -',
      '6 c.example.org example.org -',
      '7 d.e 10.0.4.4 -',
      '9 f.corp 10.0.4.5 -',
    ]);
    expect(rowsOf(read('gitlab 60 A 10.0.4.1\n'))).toEqual(['1 gitlab 10.0.4.1 60']);
  });

  it('inherit the owner over blank lines, comments and $ORIGIN', () => {
    const file = 'a A 10.0.4.1\n\n ; nothing\n\t\n$ORIGIN x\n\tA 10.0.4.2\n';
    expect(rowsOf(read(file, zone))).toEqual(['1 a.corp.internal 10.0.4.1,10.0.4.2 -']);
  });

  it('of another type are left out, one by one, with owner and type', () => {
    const file = [
      '@ 60 IN SOA ns hostmaster 1 2 3 4 5',
      '@ NS ns',
      'www 60 AWS ALIAS A lb.eu-central-1.elb.amazonaws.com. Z1 false',
      'a A 10.0.4.1',
      'a MX 10 a',
      '@ WINS L5 C900 ( 10.0.0.1 )',
      'b ALIAS a',
      'c TYPE65534 \\# 1 00',
    ].join('\n');
    expect(leftOut(file)).toEqual([
      '1 corp.internal SOA',
      '2 corp.internal NS',
      '3 www.corp.internal AWS ALIAS',
      '5 a.corp.internal MX',
      '6 corp.internal WINS',
      '7 b.corp.internal ALIAS',
      '8 c.corp.internal TYPE65534',
    ]);
    expect(read(file, zone).mistakes).toEqual([]);
  });

  it('that are there already are left out, whatever their TTL', () => {
    const file =
      'a 60 A 10.0.4.1\nA 300 A 10.0.4.1\nb AAAA fd00::1\nb AAAA FD00:0::1\nc CNAME a\nc CNAME A.corp.internal.\n';
    expect(leftOut(file).map((each) => each.split(' ', 3).join(' '))).toEqual([
      '2 a.corp.internal A',
      '4 b.corp.internal AAAA',
      '6 c.corp.internal CNAME',
    ]);
    expect(read(file, zone).rows).toHaveLength(3);
  });

  it('of service names and wildcards are left out whatever their type', () => {
    const file =
      '_acme-challenge TXT "x"\n_sip._tcp SRV 1 2 3 a\n*.apps A 10.0.4.1\n* CNAME a\na_b A 10.0.4.2\na.*.b A 10.0.4.3\n\\042.c A 10.0.4.4\n_dmarc CNAME x\n_dmarc TXT "y"\n';
    expect(read(file, zone)).toMatchObject({ rows: [], mistakes: [] });
    expect(leftOut(file)).toHaveLength(9);
  });
});

describe('TTLs', () => {
  it('are the minimum of an SOA without one, where there is no $TTL', () => {
    expect(rowsOf(read('@ SOA ns h 1 2 3 4 1h\na A 10.0.4.1\nb 60 A 10.0.4.2\nc A 10.0.4.3\n', zone))).toEqual([
      '2 a.corp.internal 10.0.4.1 3600',
      '3 b.corp.internal 10.0.4.2 60',
      '4 c.corp.internal 10.0.4.3 3600',
    ]);
  });

  it('are the last explicit one, where the SOA has its own', () => {
    expect(rowsOf(read('@ 900 SOA ns h 1 2 3 4 5\na A 10.0.4.1\nb 60 MX 1 a\nc A 10.0.4.3\n', zone))).toEqual([
      '2 a.corp.internal 10.0.4.1 900',
      '4 c.corp.internal 10.0.4.3 60',
    ]);
  });

  it('are those before an SOA, where it comes later', () => {
    expect(rowsOf(read('a 60 A 10.0.4.1\n@ SOA ns h 1 2 3 4 300\nb A 10.0.4.2\n', zone))[1]).toBe(
      '3 b.corp.internal 10.0.4.2 60',
    );
  });

  it('are that of $TTL from there on', () => {
    expect(
      rowsOf(read('$TTL 1d\n@ SOA ns h 1 2 3 4 5\na 5 A 10.0.4.1\nb A 10.0.4.2\n$ttl 0\nc A 10.0.4.3\n', zone)),
    ).toEqual(['3 a.corp.internal 10.0.4.1 5', '4 b.corp.internal 10.0.4.2 86400', '6 c.corp.internal 10.0.4.3 0']);
  });

  test.each([['$TTL'], ['$TTL x'], ['$TTL 2147483648'], ['$TTL -1'], ['$TTL 1h30'], ['$TTL 60 70']])(
    '%s is bad',
    (line) => {
      expect(mistakesOf(read(`${line}\na 60 A 10.0.4.1\n`, zone))).toEqual(['1:- ttl-range']);
    },
  );

  it('of a record out of range are a mistake of that record', () => {
    const answer = read('a 2147483648 A 10.0.4.1\nb 60 A 10.0.4.2\n', zone);
    expect(mistakesOf(answer)).toEqual(['1:3 ttl-range']);
    expect(answer.rows).toHaveLength(1);
  });
});

describe('mistakes', () => {
  test.each([
    ['a A', '2:- zone-syntax'],
    ['a A 10.0.4.1 10.0.4.2', '2:- zone-syntax'],
    ['a CNAME', '2:- zone-syntax'],
    ['a CNAME b c', '2:- zone-syntax'],
    ['a MX 10', '2:- zone-syntax'],
    ['a', '2:- zone-syntax'],
    ['a IN', '2:- zone-syntax'],
    ['a 10.0.4.1', '2:3 zone-syntax'],
    ['a CH A 10.0.4.1', '2:- zone-syntax'],
    ['a..b A 10.0.4.1', '2:1 zone-syntax'],
    ['.a A 10.0.4.1', '2:1 zone-syntax'],
    ['a A (\n10.0.4.1\n', '2:- zone-syntax'],
    ['a A 10.0.4.1 )', '2:- zone-syntax'],
    ['a TXT "x', '2:- zone-syntax'],
    ['a\\999 A 10.0.4.1', '2:1 zone-syntax'],
    ['$ORIGIN', '2:- zone-syntax'],
    ['$ORIGIN a..b.', '2:- zone-syntax'],
    ['$FOO x', '2:- zone-syntax'],
    ['$INCLUDE other.zone', '2:- include-refused'],
    ['$include other.zone sub', '2:- include-refused'],
    ['$GENERATE 1-70000 h$ A 10.0.4.1', '2:- generate-refused'],
    ['$GENERATE 3-1 h$ A 10.0.4.1', '2:- generate-refused'],
    ['a A 10.0.4.256', '2:5 target-is-ip-or-name'],
    ['a\tIN\tA\t10.0.4', '2:8 target-is-ip-or-name'],
    ['a A b', '2:5 target-is-ip-or-name'],
    ['a A fd00::1', '2:5 target-is-ip-or-name'],
    ['a AAAA 10.0.4.1', '2:8 target-is-ip-or-name'],
    ['a CNAME 10.0.4.1.', '2:9 target-is-ip-or-name'],
    ['a CNAME _b', '2:9 target-is-ip-or-name'],
    ['a A ( ; x\n  10.0.4.999 )', '3:3 target-is-ip-or-name'],
    ['a\\.b A 10.0.4.1', '2:1 hostname-syntax'],
    ['a\\032b A 10.0.4.1', '2:1 hostname-syntax'],
    ['-a CNAME x', '2:1 hostname-syntax'],
    ['( \n  a@b AAAA fd00::1 )', '3:3 hostname-syntax'],
    ['почта A 10.0.4.1', '2:1 idn'],
    ['10.0.4.12. A 10.0.4.1', '2:1 hostname-is-ip'],
    [`${'a'.repeat(64)} A 10.0.4.1`, '2:1 label-length'],
  ])('%j is %s, and no row', (line, expected) => {
    const answer = read(`x 60 A 10.0.0.1\n${line}\n`, zone);
    expect(mistakesOf(answer)).toEqual([expected]);
    expect(rowsOf(answer)).toEqual(['1 x.corp.internal 10.0.0.1 60']);
  });

  it('of an owner are said once, at its own line, and other types are only left out', () => {
    const answer = read('a\\.b TXT "x"\n  A 10.0.4.1\n  A 10.0.4.2\nb!c MX 1 x\n', zone);
    expect(mistakesOf(answer)).toEqual(['1:1 hostname-syntax']);
    expect(answer.leftOut.map(({ what }) => what)).toEqual(['a\\.b.corp.internal TXT', 'b!c.corp.internal MX']);
  });

  it('of one record keep the whole owner back', () => {
    expect(rowsOf(read('a A 10.0.4.1\na A 10.0.4.999\nb A 10.0.4.2\n', zone))).toEqual([
      '3 b.corp.internal 10.0.4.2 -',
    ]);
    expect(rowsOf(read('a A 10.0.4.1\na MX 10\n', zone))).toEqual(['1 a.corp.internal 10.0.4.1 -']);
  });

  it('are a record with white space before it at the beginning', () => {
    expect(mistakesOf(read(' A 10.0.4.1\na A 10.0.4.2\n', zone))).toEqual(['1:- zone-syntax']);
  });
});

describe('a CNAME', () => {
  test.each([
    ['CNAME b', 'A 10.0.4.1'],
    ['A 10.0.4.1', 'CNAME b'],
    ['CNAME b', 'CNAME c'],
    ['CNAME b', 'TXT "x"'],
    ['MX 1 b', 'CNAME b'],
  ])('is alone: %s, then %s is a mistake at the later one', (one, other) => {
    const answer = read(`x A 10.0.0.1\na ${one}\ny A 10.0.0.2\na ${other}\n`, zone);
    expect(mistakesOf(answer)).toEqual(['4:- cname-alone']);
    expect(rowsOf(answer)).toHaveLength(2);
  });

  it('may have signatures beside it', () => {
    const answer = read(
      'a CNAME b\na RRSIG CNAME 13 3 60 20260101000000 20250101000000 1 x. AAAA\na NSEC b CNAME\n',
      zone,
    );
    expect(answer.mistakes).toEqual([]);
    expect(answer.rows).toHaveLength(1);
  });
});

describe('$GENERATE', () => {
  test.each([
    ['1-3 h$ A 10.0.4.$', ['h1 10.0.4.1', 'h2 10.0.4.2', 'h3 10.0.4.3']],
    ['0-4/2 h#{10,3} 60 IN A 10.0.4.#{1}', ['h010 10.0.4.1', 'h012 10.0.4.3', 'h014 10.0.4.5']],
    ['10-11 h#{0,2,x} IN 60 CNAME t$', ['h0a t10.corp.internal', 'h0b t11.corp.internal']],
    ['255-255 #{0,4,X}.#{0,4,o} AAAA fd00::#{0,0,x}', ['00ff.0377 fd00::ff']],
    ['18-18 x#{0,3,n}y A 10.0.4.1', ['x2.1y 10.0.4.1']],
  ])('%s', (line, expected) => {
    const answer = read(`a A 10.0.0.1\n$GENERATE ${line.replaceAll('#{', '${')}\n`, zone);
    expect(answer.mistakes).toEqual([]);
    expect(answer.rows.slice(1).map(({ hostname, targets, line: at }) => `${at} ${hostname} ${targets}`)).toEqual(
      expected.map((each) => `2 ${each.replace(' ', '.corp.internal ')}`),
    );
  });

  it('takes two dollars for one, which no name can hold', () => {
    expect(mistakesOf(read('a A 10.0.0.1\n$GENERATE 1-1 b$$ A 10.0.4.1\n', zone))).toEqual(['2:15 hostname-syntax']);
  });

  it('leaves out what it makes of another type', () => {
    expect(leftOut('a A 10.0.0.1\n$GENERATE 1-2 $ PTR h$\n')).toEqual([
      '2 1.corp.internal PTR',
      '2 2.corp.internal PTR',
    ]);
  });
});
