// The little of ASN.1's Distinguished Encoding Rules (ITU-T X.690) that a certificate is written with.

const lengthOctets = (length: number): Buffer => {
  if (length < 0x80) return Buffer.from([length]);
  const hex = length.toString(16);
  const octets = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | octets.length]), octets]);
};

/** An element with any tag around content that is encoded already. */
export const der = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOctets(body.length), body]);
};

export const sequence = (...content: readonly Buffer[]): Buffer => der(0x30, ...content);

export const set = (...content: readonly Buffer[]): Buffer => der(0x31, ...content);

export const utf8String = (text: string): Buffer => der(0x0c, Buffer.from(text, 'utf8'));

export const octetString = (content: Buffer): Buffer => der(0x04, content);

/** A bit string whose last octet is full. */
export const bitString = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);

/** A non-negative integer, from its octets; a leading zero keeps the sign bit clear. */
export const integer = (octets: Buffer): Buffer =>
  der(0x02, (octets[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), octets]) : octets);

const base128 = (arc: number): number[] => {
  const digits = [arc & 0x7f];
  for (let rest = arc >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
};

/** An object identifier, from its dotted form. */
export const objectIdentifier = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
};

/** A Time of RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime after. */
export const time = (epochMs: number): Buffer => {
  const digits = `${new Date(epochMs)
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(/\D/g, '')}Z`;
  return digits < '2050' ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
};
