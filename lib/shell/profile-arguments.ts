import { existsSync, readFileSync } from 'node:fs';
import { hostname as machineName } from 'node:os';
import { dirname, resolve } from 'node:path';
import { loadPostalProfile } from '../adapters/config-files.ts';
import { fileFailureText } from '../adapters/file-failure.ts';
import { readCertificates } from '../adapters/smtp/tls-context.ts';
import { ConfigInvalid } from '../core/base/config-error.ts';
import { parseNameserver } from '../core/postal/nameserver.ts';
import type { PostalProfile } from '../core/postal/profile.ts';
import { newestKnownRelease } from '../core/postal/releases.ts';
import { nameserversIn } from '../core/postal/resolv-conf.ts';
import { UsageError } from './shell-result.ts';

const systemResolvConf = '/etc/resolv.conf';
/** Where systems keep the certificates that Postal trusts: Debian, Red Hat, SUSE, Alpine. */
const systemCaFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** The options that say how Postal is set up, where it differs from this machine and Postal's defaults. */
export const profileOptions = {
  profile: { type: 'string' },
  resolver: { type: 'string', multiple: true },
  'resolv-conf': { type: 'string' },
  'os-hostname': { type: 'string' },
  helo: { type: 'string' },
  'open-timeout': { type: 'string' },
  'read-timeout': { type: 'string' },
  'dns-timeout': { type: 'string' },
} as const;

type ProfileValues = { readonly [option in Exclude<keyof typeof profileOptions, 'resolver'>]?: string | undefined } & {
  readonly resolver?: readonly string[] | undefined;
};

/** Runs what reads a file of a deployment; throws `UsageError` where the file cannot be used. */
export const loaded = <File>(load: () => File): File => {
  try {
    return load();
  } catch (error) {
    if (error instanceof ConfigInvalid) throw new UsageError(error.message, { cause: error });
    throw error;
  }
};

/** The text of a file that an option names. */
export const textOf = (name: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${name}: ${file}: ${fileFailureText(error)}.`, { cause: error });
  }
};

const secondsOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds <= 0 || seconds > 600) {
    throw new UsageError(
      `${name}: "${text}" is not a valid number of seconds. Give more than 0 and at most 600, such as 30.`,
    );
  }
  return seconds;
};

/** A release of Postal, in full. */
export const versionOf = (text: string | undefined): string | undefined => {
  if (text !== undefined && !/^\d+\.\d+\.\d+$/.test(text))
    throw new UsageError(`postal-version: "${text}" is not a valid release. Give all three numbers, such as 3.3.7.`);
  return text;
};

const nameOf = (name: string, text: string | undefined): string | undefined => {
  if (text !== undefined && !/^[A-Za-z0-9._[\]:-]+$/.test(text))
    throw new UsageError(`${name}: "${text}" is not a valid host name. Give one such as postal.example.com.`);
  return text;
};

const checkedNameservers = (nameservers: readonly string[]): readonly string[] => {
  try {
    for (const nameserver of nameservers) parseNameserver(nameserver);
    return nameservers;
  } catch (error) {
    throw new UsageError(`resolver: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};

const caOf = (
  given: string | undefined,
  profile: PostalProfile | undefined,
  profileFile: string | undefined,
): string | undefined => {
  const ofProfile = profile?.caFile === undefined ? undefined : resolve(dirname(profileFile ?? ''), profile.caFile);
  const file = given ?? ofProfile ?? systemCaFiles.find((candidate) => existsSync(candidate));
  if (file === undefined) return undefined;
  const ca = textOf('ca-file', file);
  try {
    readCertificates(ca);
  } catch (error) {
    throw new UsageError(`ca-file: ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return ca;
};

/** Postal as the options, the profile that they name, and this machine say, with the certificates that it trusts. Throws `UsageError`. */
export const readProfile = (
  values: ProfileValues,
  { version, caFile }: { readonly version?: string | undefined; readonly caFile?: string | undefined } = {},
): { readonly profile: PostalProfile; readonly ca: string | undefined } => {
  const profileFile = values.profile;
  const given = profileFile === undefined ? undefined : loaded(() => loadPostalProfile(profileFile));
  const resolvConf = values['resolv-conf'];
  if (values.resolver !== undefined && resolvConf !== undefined)
    throw new UsageError('resolver, resolv-conf: give one of them.');
  const asked =
    values.resolver ??
    (resolvConf === undefined ? given?.nameservers : nameserversIn(textOf('resolv-conf', resolvConf)));
  const osHostname = nameOf('os-hostname', values['os-hostname']) ?? given?.osHostname ?? machineName();
  const profile: PostalProfile = {
    version: version ?? given?.version ?? newestKnownRelease,
    heloHostname: nameOf('helo', values.helo) ?? given?.heloHostname ?? machineName(),
    returnPathDomain: given?.returnPathDomain ?? machineName(),
    nameservers: [...checkedNameservers(asked ?? nameserversIn(textOf('resolv-conf', systemResolvConf)))],
    osHostname,
    openTimeoutSeconds: secondsOf('open-timeout', values['open-timeout']) ?? given?.openTimeoutSeconds ?? 30,
    readTimeoutSeconds: secondsOf('read-timeout', values['read-timeout']) ?? given?.readTimeoutSeconds ?? 30,
    dnsTimeoutSeconds: secondsOf('dns-timeout', values['dns-timeout']) ?? given?.dnsTimeoutSeconds ?? 5,
    ...(given?.addressPreference !== undefined && { addressPreference: given.addressPreference }),
    ...(given?.webUrl !== undefined && { webUrl: given.webUrl }),
  };
  return { profile, ca: caOf(caFile, given, profileFile) };
};
