import { ConfigInvalid, type Mistake, mistakesOf, parseConfigJson } from '../base/config-error.ts';
import { parseHostname } from '../endpoint/hostname.ts';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { type PostalProfile, postalProfileSchema } from './profile.ts';

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

/** Checks the text of `postal-profile.json`. Throws `ConfigInvalid` with every mistake at once. `file` is named in the message. */
export const parsePostalProfile = (file: string, text: string): PostalProfile => {
  const parsed = postalProfileSchema.safeParse(parseConfigJson(file, text));
  const mistakes = parsed.success ? profileMistakes(parsed.data) : mistakesOf(parsed.error);
  if (!parsed.success || mistakes.length > 0) throw new ConfigInvalid(file, mistakes);
  return parsed.data;
};
