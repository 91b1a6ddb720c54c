import { generateKeyPair, type KeyObject, randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import {
  bitString,
  der,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from '../../../lib/local/smtp/der.ts';
import type { TlsBehaviour } from './scenario.ts';

export type CertificateKind = NonNullable<TlsBehaviour['cert']>;

/** What a server shows, PEM: its certificate, and those of its chain that it sends. */
export type ServerCertificate = { readonly key: string; readonly cert: string };

/** The certificates of the scenarios' servers, and the two roots. */
export type Certificates = {
  /** Plays the publicly trusted root, PEM. */
  readonly publicRoot: string;
  /** A company's own root, PEM. */
  readonly privateRoot: string;
  readonly of: Readonly<Record<CertificateKind, ServerCertificate>>;
};

type KeyPair = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
type Issuer = { readonly name: Buffer; readonly privateKey: KeyObject };
type Validity = { readonly fromEpochMs: number; readonly days: number };

const makeKeyPair = promisify(generateKeyPair);
const rsa = (modulusLength: number): Promise<KeyPair> => makeKeyPair('rsa', { modulusLength });

const dayMs = 86_400_000;
const sha256WithRsa = sequence(objectIdentifier('1.2.840.113549.1.1.11'), der(0x05));
const yes = der(0x01, Buffer.from([0xff]));

const commonName = (name: string): Buffer => sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(name))));

const extension = (identifier: string, value: Buffer, isCritical = false): Buffer =>
  sequence(objectIdentifier(identifier), ...(isCritical ? [yes] : []), octetString(value));

const subjectAltName = (hostnames: readonly string[]): Buffer =>
  extension('2.5.29.17', sequence(...hostnames.map((hostname) => der(0x82, Buffer.from(hostname, 'ascii')))));

const authorityExtensions: readonly Buffer[] = [
  extension('2.5.29.19', sequence(yes), true),
  // keyUsage: keyCertSign and cRLSign, bits 5 and 6 of a bit string whose last bit is unused.
  extension('2.5.29.15', der(0x03, Buffer.from([1, 0x06])), true),
];

const serverExtensions = (hostnames: readonly string[]): readonly Buffer[] => [
  ...(hostnames.length > 0 ? [subjectAltName(hostnames)] : []),
  extension('2.5.29.19', sequence()),
  extension('2.5.29.37', sequence(objectIdentifier('1.3.6.1.5.5.7.3.1'))),
];

const pem = (content: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${content.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`;

/** Writes an X.509 v3 certificate (RFC 5280 §4.1). */
const certify = (
  subject: Buffer,
  publicKey: KeyObject,
  issuer: Issuer,
  { fromEpochMs, days }: Validity,
  extensions: readonly Buffer[],
): string => {
  const serialNumber = randomBytes(16);
  serialNumber[0] = ((serialNumber[0] ?? 0) & 0x7f) | 0x40;
  const toBeSigned = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serialNumber),
    sha256WithRsa,
    issuer.name,
    sequence(time(fromEpochMs), time(fromEpochMs + days * dayMs)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  return pem(sequence(toBeSigned, sha256WithRsa, bitString(sign('sha256', toBeSigned, issuer.privateKey))));
};

/** Makes every kind of certificate that the scenarios know, valid (or not) as seen at the time given. */
export const makeCertificates = async (nowEpochMs: number): Promise<Certificates> => {
  // One key serves for all servers: what tells their certificates apart is who signed them, when, and for whom.
  const [publicKeys, privateKeys, middleKeys, serverKeys, weakKeys] = await Promise.all([
    rsa(2048),
    rsa(2048),
    rsa(2048),
    rsa(2048),
    rsa(1024),
  ]);
  const current = { fromEpochMs: nowEpochMs - dayMs, days: 800 };
  const publicIssuer = { name: commonName('Oracle Public Test Root'), privateKey: publicKeys.privateKey };
  const privateIssuer = { name: commonName('Oracle Private Corp Root'), privateKey: privateKeys.privateKey };
  const middleIssuer = { name: commonName('Oracle Intermediate'), privateKey: middleKeys.privateKey };
  const selfIssuer = { name: commonName('self.oracle.test'), privateKey: serverKeys.privateKey };
  const publicRoot = certify(publicIssuer.name, publicKeys.publicKey, publicIssuer, current, authorityExtensions);
  const privateRoot = certify(privateIssuer.name, privateKeys.publicKey, privateIssuer, current, authorityExtensions);
  const intermediate = certify(middleIssuer.name, middleKeys.publicKey, publicIssuer, current, authorityExtensions);

  const leaf = (
    issuer: Issuer,
    hostnames: readonly string[],
    {
      subject = 'oracle leaf',
      keys = serverKeys,
      validity = current,
    }: { subject?: string; keys?: KeyPair; validity?: Validity } = {},
  ): ServerCertificate => ({
    cert: certify(commonName(subject), keys.publicKey, issuer, validity, serverExtensions(hostnames)),
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  });
  const sending = (certificate: ServerCertificate, ...chain: readonly string[]): ServerCertificate => ({
    ...certificate,
    cert: [certificate.cert, ...chain].join(''),
  });

  const names = ['*.oracle.test', 'oracle.test'];
  const wildcard = ['*.oracle.test'];
  const nochain = leaf(middleIssuer, wildcard);
  const of: Certificates['of'] = {
    public: leaf(publicIssuer, names),
    private: sending(leaf(privateIssuer, names), privateRoot),
    wronghost: leaf(publicIssuer, ['mail.other.test']),
    cnonly: leaf(publicIssuer, [], { subject: '*.oracle.test' }),
    weak1024: leaf(publicIssuer, wildcard, { keys: weakKeys }),
    mxname: leaf(publicIssuer, ['*.mx.oracle.test']),
    expired: leaf(publicIssuer, wildcard, { validity: { fromEpochMs: nowEpochMs - 1000 * dayMs, days: 90 } }),
    notyet: leaf(publicIssuer, wildcard, { validity: { fromEpochMs: nowEpochMs + 1000 * dayMs, days: 90 } }),
    nochain,
    fullchain: sending(nochain, intermediate),
    selfsigned: {
      ...nochain,
      cert: certify(selfIssuer.name, serverKeys.publicKey, selfIssuer, current, [
        ...authorityExtensions.slice(0, 1),
        subjectAltName(wildcard),
      ]),
    },
  };
  return { publicRoot, privateRoot, of };
};
