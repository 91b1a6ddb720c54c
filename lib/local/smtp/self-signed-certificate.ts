import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bitString, der, integer, objectIdentifier, octetString, sequence, set, time, utf8String } from './der.ts';

/** Both as PEM. */
export type CertificateAndKey = { readonly cert: string; readonly key: string };

export type SelfSignedCertificateOptions = {
  readonly commonName: string;
  /** Host names and IPv4 addresses for subjectAltName. */
  readonly altNames: readonly string[];
  readonly notBeforeEpochMs: number;
  readonly notAfterEpochMs: number;
};

const ecdsaWithSha256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const explicit = (number: number, content: Buffer): Buffer => der(0xa0 | number, content);

/** GeneralName of RFC 5280 §4.2.1.6: dNSName [2] or iPAddress [7]. */
const generalName = (name: string): Buffer =>
  isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name, 'ascii'));

const pem = (label: string, content: Buffer): string =>
  `-----BEGIN ${label}-----\n${content.toString('base64').replaceAll(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;

/** Makes a P-256 key and an X.509 v3 certificate signed with it (RFC 5280): node:crypto reads certificates but does not write them. */
export const selfSignedCertificate = (options: SelfSignedCertificateOptions): CertificateAndKey => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const name = sequence(set(sequence(objectIdentifier('2.5.4.3'), utf8String(options.commonName))));
  const subjectAltName = sequence(
    objectIdentifier('2.5.29.17'),
    octetString(sequence(...options.altNames.map(generalName))),
  );
  const serialNumber = randomBytes(16);
  // Positive and of full length whatever was drawn.
  serialNumber[0] = ((serialNumber[0] ?? 0) & 0x7f) | 0x40;
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber),
    ecdsaWithSha256,
    name,
    sequence(time(options.notBeforeEpochMs), time(options.notAfterEpochMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(subjectAltName)),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  return {
    cert: pem('CERTIFICATE', sequence(toBeSigned, ecdsaWithSha256, bitString(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};
