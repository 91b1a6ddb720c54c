import * as z from 'zod';
import { ConfigInvalid, type Mistake, mistakesOf, parseConfigJson } from '../base/config-error.ts';
import { parseHostname } from '../endpoint/hostname.ts';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { type PostalProfile, postalProfileSchema } from './profile.ts';
import { signingKeys } from './webhooks/signing-key.ts';

/** Whether it is `address`, `address:port` with IPv4, or `[address]:port` with IPv6. */
const isNameserver = (text: string): boolean => {
  if (parseIpAddress(text) !== undefined) return true;
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const family = parseIpAddress(bracketed ?? plain ?? '')?.family;
  return family === (bracketed === undefined ? 4 : 6) && Number(port) >= 1 && Number(port) <= 65_535;
};

const nameMistakes = (path: string, name: string): readonly Mistake[] => {
  const parsed = parseHostname(name);
  return 'findings' in parsed ? [{ path, message: parsed.findings.map(({ wrong }) => wrong).join(' ') }] : [];
};

const nameserverMistakes = (nameservers: readonly string[]): readonly Mistake[] =>
  nameservers.flatMap((nameserver, index) =>
    isNameserver(nameserver)
      ? []
      : [
          {
            path: `nameservers[${index}]`,
            message: `${JSON.stringify(nameserver)} is not an address such as 10.0.0.2, 10.0.0.2:53 or [fd00::2]:53`,
          },
        ],
  );

const signingKeyMistakes = (key: string | undefined): readonly Mistake[] =>
  key === undefined || signingKeys(key).length > 0
    ? []
    : [
        {
          path: 'signingKey',
          message: 'is not an RSA public key in PEM, a JWK set, or a DKIM record with p=',
        },
      ];

/** Mistakes of a profile that its schema cannot see. Each setting that is well-formed is judged, even where others are not. */
const profileMistakes = (document: unknown): readonly Mistake[] => {
  const settings = z.record(z.string(), z.unknown()).safeParse(document).data ?? {};
  const text = (path: string): string | undefined => z.string().min(1).safeParse(settings[path]).data;
  const nameservers = z.array(z.string().min(1)).safeParse(settings['nameservers']).data ?? [];
  return [
    ...['heloHostname', 'returnPathDomain', 'osHostname'].flatMap((path) => {
      const name = text(path);
      return name === undefined ? [] : nameMistakes(path, name);
    }),
    ...nameserverMistakes(nameservers),
    ...signingKeyMistakes(text('signingKey')),
  ];
};

/** Checks the text of `postal-profile.json`. Throws `ConfigInvalid` with every mistake at once. `file` is named in the message. */
export const parsePostalProfile = (file: string, text: string): PostalProfile => {
  const { document, mistakes: inText } = parseConfigJson(file, text);
  const parsed = postalProfileSchema.safeParse(document);
  const inForm = parsed.success ? [] : mistakesOf(parsed.error, document);
  const mistakes = [...inText, ...profileMistakes(document), ...inForm];
  if (!parsed.success || mistakes.length > 0) throw new ConfigInvalid(file, mistakes);
  return parsed.data;
};
