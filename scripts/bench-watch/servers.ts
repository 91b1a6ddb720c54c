import { createSocket } from 'node:dgram';
import { createServer, type Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { createLocalDynamoDb } from '../../lib/local/dynamodb/local-dynamodb.ts';
import { selfSignedCertificate } from '../../lib/local/smtp/self-signed-certificate.ts';

// What a bench of watch talks to, in a process of its own, so that none of its time is taken for that of watch: a nameserver that has an address for each of
// the names, a mail server with STARTTLS behind every address, and a DynamoDB.

const count = Number(process.argv[2]);
const port = 2525;

type Address = readonly [number, number, number, number];
/** The address of the endpoint with this number, and that of its standby. */
const addressOf = (index: number): Address => [127, 30, index >> 8, index & 255];
const standbyOf = (index: number): Address => [127, 31, index >> 8, index & 255];

const certificate = selfSignedCertificate({
  commonName: 'bench.test',
  altNames: ['*.bench.test'],
  notBeforeEpochMs: Date.now() - 86_400_000,
  notAfterEpochMs: Date.now() + 90 * 86_400_000,
});
const smtp = new SMTPServer({ ...certificate, disableReverseLookup: true, authOptional: true });
smtp.on('error', () => undefined);

const listenAt = (address: Address): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket: Socket) => void smtp.server.emit('connection', socket));
    server.once('error', reject).listen(port, address.join('.'), () => resolve());
  });

/** `e<number>` stands first in every name that is asked for; its address, with a TTL of 60 s. */
const answerTo = (query: Buffer): Buffer => {
  const label = query.toString('latin1', 13, 13 + (query[12] ?? 0));
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...addressOf(Number(label.slice(1)))]);
  const answer = Buffer.concat([query, record]);
  answer.writeUInt16BE(0x8180, 2);
  answer.writeUInt16BE(1, 6);
  return answer;
};

const dns = createSocket('udp4');
dns.on('message', (query, from) => dns.send(answerTo(query), from.port, from.address));
const dnsPort = await new Promise<number>((resolve, reject) => {
  dns.once('error', reject).bind(0, '127.0.0.1', () => resolve(dns.address().port));
});
for (let index = 0; index < count; index += 1)
  for (const address of [addressOf(index), standbyOf(index)]) await listenAt(address);
const dynamoDb = createLocalDynamoDb();
const dynamoDbUrl = (await dynamoDb.listen()).url;
process.send?.({ dnsPort, dynamoDbUrl, port });
process.once('disconnect', () => process.exit());
