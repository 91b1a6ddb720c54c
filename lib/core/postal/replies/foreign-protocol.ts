/** Protocols other than SMTP, by how their servers greet or answer. */
const protocols: readonly (readonly [name: string, beginning: string])[] = [
  ['SSH', 'SSH-[12]\\.\\d|Invalid SSH identification string|Protocol mismatch\\.'],
  ['HTTP', '(?:HTTP|RTSP|SIP|ICAP)/[0-9.]{1,3} [1-5]\\d\\d|<!doctype html|<html'],
  [
    'FTP',
    '(?<!\\d)220(?: |-)(?:\\(vsFTPd|-{2,20}(?: Welcome to)? Pure-FTPd|ProFTPD|FileZilla Server|Microsoft FTP Service|\\S{1,60} FTP server \\()',
  ],
  [
    'IMAP',
    '\\* (?:BYE |(?:OK|PREAUTH) (?:\\[CAPABILITY|.{0,80}?(?:imap|ready|server|dovecot)))|(?<!\\d)EHLO BAD (?:Error in IMAP|Please login|(?:Unknown|Invalid) command|Command unrecogni[sz]ed)',
  ],
  ['POP3', '\\+OK .{0,80}?(?:pop|ready|server|dovecot|hello)|(?<!\\w)-ERR(?!or)'],
  ['ManageSieve', '"IMPLEMENTATION"|(?:OK|NO|BYE) (?:\\([^()]{1,60}\\) )?"'],
  ['NNTP', '(?<!\\d)20[01](?: |-).{1,80}?(?:InterNetNews|NNRP server|NNTP server)'],
  ['IRC', ':\\S{1,60} NOTICE (?:\\*|AUTH) :'],
  ['Redis', '-(?:NOAUTH Authentication|DENIED Redis)'],
  ['Subversion', '\\( success \\( \\d'],
  ['SpamAssassin’s protocol', 'SPAMD/\\d'],
  ['Munin’s protocol', '# munin node at '],
  ['rsync', '@RSYNCD: '],
  ['VNC', 'RFB 00\\d\\.'],
  ['AMQP', 'AMQP[^a-z]'],
  ['XMPP', '(?:<\\?xml [^<>]{1,40}>)?<stream:(?:stream|error)'],
  ['Asterisk’s manager protocol', 'Asterisk Call Manager/\\d'],
  [
    'MySQL',
    '.{1,14}?\\d{1,2}\\.\\d{1,2}\\.\\d{1,3}-?(?:mysql|mariadb)|.{0,8}Host .{1,80} is (?:not allowed to connect to this (?:MySQL|MariaDB) server|blocked because of many connection errors)',
  ],
];

/** All of them in one pattern. */
export const foreignGreetings = protocols.map(([, beginning]) => beginning).join('|');

/** Which protocol a server speaks that greets like that, by name; undefined where it may be SMTP or is not known. */
export const spokenProtocol = (greeting: string): string | undefined =>
  protocols.find(([, beginning]) => new RegExp(`^(?:${beginning})`, 'is').test(greeting))?.[0];
