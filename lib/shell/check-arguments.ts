import { loadPolicy } from '../adapters/config-files.ts';
import type { Policy } from '../core/policy/policy.ts';
import { checkPort } from '../core/validation/port-rules.ts';
import { checkSslMode } from '../core/validation/ssl-mode-rules.ts';
import type { EndpointCheck } from './check-endpoint.ts';
import { type Output, outputOptions, readOutput } from './output.ts';
import { loaded, profileOptions, readProfile, versionOf } from './profile-arguments.ts';
import { readArguments } from './read-arguments.ts';
import { UsageError } from './shell-result.ts';

const deadlineMs = 300_000;
const everyPort = Array.from({ length: 65_535 }, (_, index) => index + 1);

const options = {
  ...profileOptions,
  ...outputOptions,
  policy: { type: 'string' },
  port: { type: 'string' },
  'ssl-mode': { type: 'string' },
  'mail-from': { type: 'string' },
  rcpt: { type: 'string' },
  deliver: { type: 'boolean', default: false },
  'ca-file': { type: 'string' },
  'postal-version': { type: 'string' },
} as const;

/** What may stand between the angle brackets of MAIL FROM and RCPT TO without ending them. */
const addressOf = (name: string, text: string | undefined): string | undefined => {
  if (text === undefined) return undefined;
  if (!/^[^\s<>@]+@[^\s<>@]+$/.test(text))
    throw new UsageError(`${name}: "${text}" is not a valid address. Give one such as user@example.com.`);
  return text;
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
): { readonly check: EndpointCheck; readonly output: Output } => {
  const { values, positionals } = readArguments(args, options);
  const [hostname, ...more] = positionals;
  if (hostname === undefined) throw new UsageError('hostname: give one, such as gitlab.mail.corp.internal.');
  if (more.length > 0)
    throw new UsageError(`hostname: give only one; ${more.map((one) => `"${one}"`).join(', ')} is too many.`);
  const policyFile = values.policy;
  const policy = policyFile === undefined ? undefined : loaded(() => loadPolicy(policyFile));
  const port = portOf(values.port, policy);
  const { sslMode, findings } = checkSslMode(values['ssl-mode']);
  if (sslMode === undefined)
    throw new UsageError(findings.map(({ argument, wrong, right }) => `${argument}: ${wrong} ${right}`).join('\n'));
  const recipient = addressOf('rcpt', values.rcpt);
  if (values.deliver && recipient === undefined)
    throw new UsageError('deliver: name the recipient of the message too, with --rcpt user@example.com.');
  const mailFrom = values['mail-from'] === '' ? '' : addressOf('mail-from', values['mail-from']);
  const { profile, ca } = readProfile(values, {
    version: versionOf(values['postal-version']),
    caFile: values['ca-file'],
  });
  return {
    output: readOutput(values),
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
