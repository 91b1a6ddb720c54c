declare module 'punycode/punycode.js' {
  /** Punycode (RFC 3492), as of version 2. The bare name `punycode` is Node's own deprecated module. */
  const punycode: { encode(label: string): string };
  export = punycode;
}
