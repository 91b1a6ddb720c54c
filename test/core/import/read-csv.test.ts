import { describe, expect, it, test } from 'vitest';
import { mistakesOf, onlyRow, read, rowsOf, whyNot } from '../../support/import-under-test.ts';

describe('the columns of CSV', () => {
  test.each([
    ['hostname,targets,standby,port,ssl_mode,ttl,name,owner,note'],
    ['Host,Address(es),standby,port,ssl mode,TTL,name,owner,note'],
    ['HOST,Target,Backup,PORT,SSL Mode,TTL,Endpoint,Team,Comment'],
    ['Name of the host,Address,standby,port,TLS,ttl,Endpoint name,owner,note'],
    ['FQDN,Addresses,standby,port,encryption,ttl,description,owner,note'],
    ['dns_name,IP,standby,port,ssl-mode,ttl,endpoint-name,owner,note'],
    ['record name,value,standby,port,SslMode,ttl,name,owner,note'],
    ['\ufeffHostname ,"IP  address",standby,port,ssl mode,ttl,name,owner,note'],
    ['“Hostname”,ip_address,standby,port,ssl mode,ttl,name,owner,note'],
  ])('are found by %s', (header) => {
    const answer = read(`${header}\na.corp.internal,10.0.4.12,10.0.4.18,2525,tls,60,GitLab,@maria,racks\n`);
    expect(answer).toEqual({
      format: 'csv',
      rows: [
        {
          hostname: 'a.corp.internal',
          targets: ['10.0.4.12'],
          standby: ['10.0.4.18'],
          port: 2525,
          sslMode: 'TLS',
          ttl: 60,
          name: 'GitLab',
          owner: '@maria',
          note: 'racks',
          line: 2,
        },
      ],
      mistakes: [],
      leftOut: [],
    });
  });

  test.each([
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
  ])('may be in any order and separated by a %s', (_, delimiter) => {
    const file = [
      ['port', 'ip', 'hostname'],
      ['25', '10.0.4.12', 'a.corp.internal'],
    ];
    expect(rowsOf(read(file.map((cells) => cells.join(delimiter)).join('\r\n')))).toEqual([
      '2 a.corp.internal 10.0.4.12 -',
    ]);
  });

  it('keeps a comma in a cell of a file with semicolons, and the other way round', () => {
    expect(onlyRow(read('host;ip;note\na.corp.internal;10.0.4.12,10.0.4.13;one, two\n'))).toMatchObject({
      targets: ['10.0.4.12', '10.0.4.13'],
      note: 'one, two',
    });
    expect(onlyRow(read('host,ip,note\na.corp.internal,10.0.4.12;10.0.4.13,one; two\n'))).toMatchObject({
      targets: ['10.0.4.12', '10.0.4.13'],
      note: 'one; two',
    });
  });

  it('understands Chinese headers', () => {
    expect(onlyRow(read('主机名,地址,端口\na.corp.internal,10.0.4.12,25\n'))).toMatchObject({ port: 25 });
  });

  it('leaves out a column that it does not understand, and the second of a field, each by name at the line of the header', () => {
    const { leftOut, rows } = read('\n\nhost,ip,Rack,fqdn\na.corp.internal,10.0.4.12,B4,b.corp.internal\n');
    expect(leftOut).toEqual([
      { line: 3, what: 'column 3, "Rack"' },
      { line: 3, what: 'column 4, "fqdn"' },
    ]);
    expect(rows).toHaveLength(1);
  });

  it('passes over an empty column between others, unless something is in it', () => {
    expect(read('host,,ip\na.corp.internal,,10.0.4.12\n').leftOut).toEqual([]);
    expect(read('host,,ip\na.corp.internal,x,10.0.4.12\n').leftOut).toEqual([
      { line: 1, what: 'column 2, which has no name' },
    ]);
  });

  it('passes over the line by which Excel names the delimiter', () => {
    expect(rowsOf(read('sep=;\r\nhost;ip\r\na.corp.internal;10.0.4.12\r\n'))).toEqual([
      '3 a.corp.internal 10.0.4.12 -',
    ]);
  });

  test.each([
    ['a,b,c\n1,2,3\n', /"a", "b", "c"/],
    ['gitlab.corp.internal,10.0.4.12\n', /"gitlab.corp.internal", "10.0.4.12"/],
    ['Name\tType\tData\tTimestamp\ngitlab\tHost (A)\t10.0.4.12\tstatic\n', /"Name", "Type", "Data", "Timestamp"/],
    ['gitlab.corp.internal\tgitlab\t60\tIN\tA\t10.0.4.12\n', /"gitlab.corp.internal", "gitlab", "60", "IN"/],
    ['gitlab:\n  type: A\n  value: 10.0.4.12\n', /"gitlab:"/],
    ['D("corp.internal", REG_NONE, A("gitlab", "10.0.4.12"));\n', /D\(/],
  ])('%j cannot be told apart, and the first line is said', (file, expected) => {
    expect(whyNot(file)).toMatch(expected);
    expect(whyNot(file)).toMatch(/^[^\n]{1,1000}$/);
  });
});

describe('lines and cells of CSV', () => {
  it('counts every kind of line break, inside quotes too, and places a row at the first line of its record', () => {
    const file =
      'host,ip,note\r\na.corp.internal,10.0.4.1,"1\r\n2\r3\n4"\rb.corp.internal,10.0.4.2,\n\n,,\nc.corp.internal,10.0.4.3,"x\r\n"';
    expect(rowsOf(read(file))).toEqual([
      '2 a.corp.internal 10.0.4.1 -',
      '6 b.corp.internal 10.0.4.2 -',
      '9 c.corp.internal 10.0.4.3 -',
    ]);
  });

  it('takes empty rows, trailing commas and rows of NULL for nothing', () => {
    const answer = read(
      'host,ip,port,,\n,,,,,,\n\n ,\u00a0,\u200b,\nNULL,NULL,NULL\na.corp.internal,10.0.4.1,25,,,,\n',
    );
    expect(answer).toMatchObject({ mistakes: [], leftOut: [] });
    expect(rowsOf(answer)).toEqual(['6 a.corp.internal 10.0.4.1 -']);
  });

  it('refuses a row with a cell beyond the headers, at that cell', () => {
    const answer = read('host,ip\na.corp.internal,10.0.4.1,,more,again\nb.corp.internal,10.0.4.2,\n');
    expect(mistakesOf(answer)).toEqual(['2:4 csv-cells']);
    expect(mistakesOf(read('host,ip,,\na.corp.internal,10.0.4.1,more\n'))).toEqual(['2:3 csv-cells']);
    expect(rowsOf(answer)).toEqual(['3 b.corp.internal 10.0.4.2 -']);
  });

  it('stops at a quote that is never closed, at the first line of its record', () => {
    const answer = read(
      'host,ip,note\na.corp.internal,10.0.4.1,ok\nb.corp.internal,"10.0.4.2\n",x\nc.corp.internal,10.0.4.3,"open\nd.corp.internal,10.0.4.4,\n',
    );
    expect(mistakesOf(answer)).toEqual(['5:3 csv-quote']);
    expect(rowsOf(answer)).toEqual(['2 a.corp.internal 10.0.4.1 -', '3 b.corp.internal 10.0.4.2 -']);
    expect(whyNot('"host,ip\na,b\n')).toContain('host');
  });

  it('takes a quote inside a cell for a character, and a doubled one for one', () => {
    const notes = read('host,ip,note\na.corp.internal,10.0.4.1,12" rack\nb.corp.internal,10.0.4.2,"a ""b"" c"\n').rows;
    expect(notes.map(({ note }) => note)).toEqual(['12" rack', 'a "b" c']);
  });

  it('places each mistake at its cell, one for each rule', () => {
    const answer = read(
      'ip,port,ttl,ssl mode,host,name\n10.0.4.256 10.0.4.999,0,x,ssl,-a_.corp.internal,' +
        `${'n'.repeat(81)}\n10.0.4.1,25,60,Auto,,\n10.0.4.1,,,,10.0.4.1,\n,,,,b.corp.internal,\n`,
    );
    expect(mistakesOf(answer)).toEqual([
      '2:1 target-is-ip-or-name',
      '2:2 port-range',
      '2:3 ttl-range',
      '2:4 ssl-mode',
      '2:5 hostname-syntax',
      '2:6 text-length',
      '3:5 hostname-syntax',
      '4:5 hostname-is-ip',
      '5:1 target-is-ip-or-name',
    ]);
    for (const { message } of answer.mistakes) expect(message).toMatch(/^[ -~…]{1,1000}$/);
  });
});

describe('hostnames again', () => {
  it('leaves out the same again, after normalising', () => {
    const answer = read('host,ip,port\nA.corp.internal,10.0.4.1,25\na.Corp.internal.,10.0.4.1 ,25.0\n');
    expect(answer.rows).toHaveLength(1);
    expect(answer.leftOut).toEqual([{ line: 3, what: 'a.corp.internal is already in line 2' }]);
    expect(answer.mistakes).toEqual([]);
  });

  it('refuses anything else at the hostname of the later one', () => {
    const answer = read('ip,host\n10.0.4.1,a.corp.internal\n10.0.4.2,A.corp.internal\n');
    expect(rowsOf(answer)).toEqual(['2 a.corp.internal 10.0.4.1 -']);
    expect(mistakesOf(answer)).toEqual(['3:2 duplicate-hostname']);
  });
});

describe("Postal's own table", () => {
  const mysql = [
    'id\tserver_id\tuuid\tname\thostname\tssl_mode\tport\terror\tcreated_at',
    '1\t1\t0a\tGitLab\tgitlab.corp.internal\tAuto\t25\tNULL\t2026-01-01 00:00:00',
    '2\t1\t0b\tNULL\ttickets.corp.internal\tTLS\tNULL\tNULL\t2026-01-01 00:00:00',
    '',
  ].join('\n');

  it('is rows without targets, since nothing in it is one', () => {
    const answer = read(mysql);
    expect(answer.rows).toMatchObject([
      { hostname: 'gitlab.corp.internal', targets: [], name: 'GitLab', port: 25, sslMode: 'Auto' },
      { hostname: 'tickets.corp.internal', targets: [], name: null, port: null, sslMode: 'TLS' },
    ]);
    expect(answer.mistakes).toEqual([]);
    expect(answer.leftOut.map(({ what }) => what)).toEqual([
      'column 1, "id"',
      'column 2, "server_id"',
      'column 3, "uuid"',
      'column 8, "error"',
      'column 9, "created_at"',
    ]);
  });

  it('has rows without targets also where the column of targets is empty', () => {
    expect(read('host,ip\na.corp.internal,\nb.corp.internal,NULL\n')).toMatchObject({
      rows: [{ targets: [] }, { targets: [] }],
      mistakes: [],
    });
  });
});

it('has no rows where there is only a header', () => {
  expect(read('host,ip\n')).toEqual({ format: 'csv', rows: [], mistakes: [], leftOut: [] });
});
