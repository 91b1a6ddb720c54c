import { readFileSync } from 'node:fs';
import { type Mistake, mistakesOf, mistakesText } from '../base/config-error.ts';
import { parseHostname } from '../endpoint/hostname.ts';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { type PostalProfile, postalProfileSchema } from './profile.ts';

/** `postal-profile.json` cannot be used; the message lists every mistake with its path. */
export class PostalProfileInvalid extends Error {
  override readonly name = 'PostalProfileInvalid';
  readonly mistakes: readonly Mistake[];

  constructor(file: string, mistakes: readonly Mistake[], cause?: unknown) {
    super(mistakesText(file, mistakes), { cause });
    this.mistakes = mistakes;
  }
}

const readJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PostalProfileInvalid(
      file,
      [{ path: '', message: error instanceof Error ? error.message : String(error) }],
      error,
    );
  }
};

/** Whether it is `address`, `address:port` with IPv4, or `[address]:port` with IPv6. */
const isNameserver = (text: string): boolean => {
  if (parseIpAddress(text) !== undefined) return true;
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const family = parseIpAddress(bracketed ?? plain ?? '')?.family;
  return family === (bracketed === undefined ? 4 : 6) && Number(port) >= 1 && Number(port) <= 65_535;
};

const profileMistakes = (profile: PostalProfile): readonly Mistake[] => {
  const names = [
    ['heloHostname', profile.heloHostname],
    ['returnPathDomain', profile.returnPathDomain],
    ['osHostname', profile.osHostname],
  ] as const;
  return [
    ...names.flatMap(([path, name]) => {
      const parsed = name === undefined ? undefined : parseHostname(name);
      return parsed !== undefined && 'findings' in parsed
        ? [{ path, message: parsed.findings.map(({ wrong }) => wrong).join(' ') }]
        : [];
    }),
    ...profile.nameservers.flatMap((nameserver, index) =>
      isNameserver(nameserver)
        ? []
        : [
            {
              path: `nameservers[${index}]`,
              message: `${JSON.stringify(nameserver)} is not an address such as 10.0.0.2, 10.0.0.2:53 or [fd00::2]:53`,
            },
          ],
    ),
    ...(profile.webUrl === undefined || /^https?:\/\//i.test(profile.webUrl)
      ? []
      : [{ path: 'webUrl', message: `${JSON.stringify(profile.webUrl)} is no http or https address` }]),
  ];
};

/** Reads and checks the profile of the Postal that is served. Throws `PostalProfileInvalid` with every mistake at once. */
export const loadPostalProfile = (file: string): PostalProfile => {
  const parsed = postalProfileSchema.safeParse(readJson(file));
  const mistakes = parsed.success ? profileMistakes(parsed.data) : mistakesOf(parsed.error);
  if (!parsed.success || mistakes.length > 0) throw new PostalProfileInvalid(file, mistakes);
  return parsed.data;
};
