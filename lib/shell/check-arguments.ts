import { existsSync, readFileSync } from 'node:fs';
import { hostname as machineName } from 'node:os';
import { dirname, resolve } from 'node:path';
import { loadPolicy, loadPostalProfile } from '../adapters/config-files.ts';
import { readCertificates } from '../adapters/smtp/tls-context.ts';
import { ConfigInvalid } from '../core/base/config-error.ts';
import type { Policy } from '../core/policy/policy.ts';
import { parseNameserver } from '../core/postal/nameserver.ts';
import type { PostalProfile } from '../core/postal/profile.ts';
import { nameserversIn } from '../core/postal/resolv-conf.ts';
import { checkPort } from '../core/validation/port-rules.ts';
import { checkSslMode } from '../core/validation/ssl-mode-rules.ts';
import type { EndpointCheck } from './check-endpoint.ts';
import { readArguments, UsageError } from './shell-result.ts';

const deadlineMs = 300_000;
const systemResolvConf = '/etc/resolv.conf';
/** Where systems keep the certificates that Postal trusts: Debian, Red Hat, SUSE, Alpine. */
const systemCaFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
const everyPort = Array.from({ length: 65_535 }, (_, index) => index + 1);

const options = {
  policy: { type: 'string' },
  profile: { type: 'string' },
  port: { type: 'string' },
  'ssl-mode': { type: 'string' },
  resolver: { type: 'string', multiple: true },
  'resolv-conf': { type: 'string' },
  'os-hostname': { type: 'string' },
  helo: { type: 'string' },
  'mail-from': { type: 'string' },
  rcpt: { type: 'string' },
  deliver: { type: 'boolean', default: false },
  'open-timeout': { type: 'string' },
  'read-timeout': { type: 'string' },
  'dns-timeout': { type: 'string' },
  'ca-file': { type: 'string' },
  'postal-version': { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

const loaded = <File>(load: () => File): File => {
  try {
    return load();
  } catch (error) {
    if (error instanceof ConfigInvalid) throw new UsageError(error.message, { cause: error });
    throw error;
  }
};

const textOf = (name: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
};

const secondsOf = (name: string, text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds <= 0 || seconds > 600) {
    throw new UsageError(`${name}: "${text}" is no number of seconds. Give one above 0, at most 600, such as 30.`);
  }
  return seconds;
};

/** What may stand between the angle brackets of MAIL FROM and RCPT TO without ending them. */
const addressOf = (name: string, text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  if (!/^[^\s<>@]+@[^\s<>@]+$/.test(text))
    throw new UsageError(`${name}: "${text}" is no address. Give one such as user@example.com.`);
  return text;
};

const versionOf = (text: string | undefined): string | undefined => {
  if (text !== undefined && !/^\d+\.\d+\.\d+$/.test(text))
    throw new UsageError(`postal-version: "${text}" is no version. Give one such as 3.3.6.`);
  return text;
};

const nameOf = (name: string, text: string | undefined): string | undefined => {
  if (text !== undefined && !/^[A-Za-z0-9._[\]:-]+$/.test(text))
    throw new UsageError(`${name}: "${text}" is no host name.`);
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

const portOf = (text: string | undefined, policy: Policy | undefined): number => {
  const { port, findings } = checkPort(text, { ports: policy?.ports ?? everyPort });
  if (port === undefined)
    throw new UsageError(findings.map(({ argument, wrong, right }) => `${argument}: ${wrong} ${right}`).join('\n'));
  return port;
};

/**
 * Reads the arguments of `check`. What is not given is the profile's, and without one the machine's own: its resolv.conf, its name, its trusted
 * certificates; Postal's defaults for the timeouts. Throws `UsageError`.
 */
export const readCheck = (
  args: readonly string[],
  requestId: string,
): { readonly check: EndpointCheck; readonly json: boolean } => {
  const { values, positionals } = readArguments(args, options);
  const [hostname, ...more] = positionals;
  if (hostname === undefined || more.length > 0)
    throw new UsageError('hostname: give one, such as gitlab.mail.corp.internal.');
  const policyFile = values.policy;
  const policy = policyFile === undefined ? undefined : loaded(() => loadPolicy(policyFile));
  const profileFile = values.profile;
  const given = profileFile === undefined ? undefined : loaded(() => loadPostalProfile(profileFile));
  const port = portOf(values.port, policy);
  const { sslMode, findings } = checkSslMode(values['ssl-mode']);
  if (sslMode === undefined)
    throw new UsageError(findings.map(({ argument, wrong, right }) => `${argument}: ${wrong} ${right}`).join('\n'));
  const recipient = addressOf('rcpt', values.rcpt);
  if (values.deliver && recipient === undefined)
    throw new UsageError('deliver: name the recipient of the message too, with --rcpt user@example.com.');
  const mailFrom = values['mail-from'] === '' ? '' : addressOf('mail-from', values['mail-from']);
  const resolvConf = values['resolv-conf'];
  if (values.resolver !== undefined && resolvConf !== undefined)
    throw new UsageError('resolver, resolv-conf: give one of them.');
  const asked =
    values.resolver ??
    (resolvConf === undefined ? given?.nameservers : nameserversIn(textOf('resolv-conf', resolvConf)));
  const osHostname = nameOf('os-hostname', values['os-hostname']) ?? given?.osHostname ?? machineName();
  const profile: PostalProfile = {
    version: versionOf(values['postal-version']) ?? given?.version ?? '3.3.6',
    heloHostname: nameOf('helo', values.helo) ?? given?.heloHostname ?? machineName(),
    returnPathDomain: given?.returnPathDomain ?? machineName(),
    nameservers: [...checkedNameservers(asked ?? nameserversIn(textOf('resolv-conf', systemResolvConf)))],
    osHostname,
    openTimeoutSeconds: secondsOf('open-timeout', values['open-timeout']) ?? given?.openTimeoutSeconds ?? 30,
    readTimeoutSeconds: secondsOf('read-timeout', values['read-timeout']) ?? given?.readTimeoutSeconds ?? 30,
    dnsTimeoutSeconds: secondsOf('dns-timeout', values['dns-timeout']) ?? given?.dnsTimeoutSeconds ?? 5,
    ...(given?.webUrl !== undefined && { webUrl: given.webUrl }),
  };
  const ca = caOf(values['ca-file'], given, profileFile);
  return {
    json: values.json,
    check: {
      hostname,
      port,
      sslMode,
      profile,
      requestId,
      deadlineMs,
      ...(policy && { policy }),
      ...(ca !== undefined && { ca }),
      ...(recipient !== undefined && { recipient, deliver: values.deliver }),
      ...(mailFrom !== undefined && { mailFrom }),
    },
  };
};
