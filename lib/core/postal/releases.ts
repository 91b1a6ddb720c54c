import type { PostalProfile } from './profile.ts';

/** What is known of Postal's SMTP client from a release on, up to the next one here. */
type Release = {
  readonly from: readonly [major: number, minor: number, patch: number];
  /** What mode STARTTLS does: since 3.0.0 a misspelt constant keeps the client from ever saying STARTTLS. */
  readonly starttls: 'encrypts' | 'plaintext';
  /** Which addresses of a name it tries. */
  readonly tries: 'first of each family' | 'all';
};

/** The releases at which something changed, in order. Checked up to `newestKnownRelease`. */
const releases: readonly Release[] = [
  { from: [2, 0, 0], starttls: 'encrypts', tries: 'first of each family' },
  { from: [3, 0, 0], starttls: 'plaintext', tries: 'all' },
];

/** The newest release whose code or change log was looked at; the one that is assumed where nothing else is said. */
export const newestKnownRelease = '3.3.7';

const partsOf = (version: string): readonly number[] => version.split('.').map(Number);

const isBefore = (one: readonly number[], other: readonly number[]): boolean => {
  const differing = other.findIndex((part, index) => part !== one[index]);
  return differing !== -1 && (one[differing] ?? 0) < (other[differing] ?? 0);
};

/**
 * What is known of a release; `isKnown` is false for one that is newer than every release here, or older. Such a one counts as one whose faults nobody has
 * mended.
 */
export const releaseOf = (version: string): Omit<Release, 'from'> & { readonly isKnown: boolean } => {
  const parts = partsOf(version);
  const known = releases.findLast(({ from }) => !isBefore(parts, from));
  const isKnown = known !== undefined && !isBefore(partsOf(newestKnownRelease), parts);
  const { tries } = known ?? { tries: 'all' };
  return { starttls: isKnown ? known.starttls : 'plaintext', tries, isKnown };
};

/** Whether mode STARTTLS sends plaintext in this release, or has to be taken to. */
export const hasBrokenStarttls = (version: string): boolean => releaseOf(version).starttls === 'plaintext';

/** A sentence about mode STARTTLS in a release where it sends plaintext; it says when that is only assumed. */
export const brokenStarttlsText = (version: string): string =>
  releaseOf(version).isKnown
    ? `Postal ${version} sends plaintext in mode STARTTLS.`
    : `Mode STARTTLS sends plaintext from Postal 3.0.0 to ${newestKnownRelease}; whether ${version} mends it is not known here, so plaintext is assumed.`;

/** The addresses that Postal tries, in its order, out of what it found of each family. */
export const addressesTried = (
  { ipv6, ipv4 }: { readonly ipv6: readonly string[]; readonly ipv4: readonly string[] },
  { version, addressPreference = 'ipv6' }: Pick<PostalProfile, 'version' | 'addressPreference'>,
): readonly string[] => {
  const most = releaseOf(version).tries === 'all' ? undefined : 1;
  const [six, four] = [ipv6.slice(0, most), ipv4.slice(0, most)];
  switch (addressPreference) {
    case 'ipv6':
      return [...six, ...four];
    case 'ipv4':
      return [...four, ...six];
    case 'ipv6_only':
      return six;
    case 'ipv4_only':
      return four;
  }
};
