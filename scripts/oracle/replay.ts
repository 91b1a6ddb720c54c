import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { Prediction } from '../../lib/core/postal/prediction.ts';
import type { PostalProfile } from '../../lib/core/postal/profile.ts';
import { nameserversIn } from '../../lib/core/postal/resolv-conf.ts';
import { checkEndpoint } from '../../lib/shell/check-endpoint.ts';
import type { Inputs } from './scenario.ts';

/** As whom the deliveries were made. */
const sender = 'abc123@psrp.customer.example';
const recipient = 'user@customer.example';
const heloHostname = 'postal.example.com';

const resolvConfOf = ({ resolv_conf_raw, nameservers, resolv_extra = '' }: Inputs): string =>
  resolv_conf_raw ?? `${nameservers.map((nameserver) => `nameserver ${nameserver}\n`).join('')}${resolv_extra}`;

const profileOf = (inputs: Inputs): PostalProfile => ({
  version: '3.3.6',
  heloHostname,
  returnPathDomain: 'psrp.customer.example',
  nameservers: [...nameserversIn(resolvConfOf(inputs))],
  osHostname: inputs.os_hostname ?? 'postal1',
  openTimeoutSeconds: inputs.postal_config.open_timeout,
  readTimeoutSeconds: inputs.postal_config.read_timeout,
  dnsTimeoutSeconds: inputs.postal_config.dns_timeout,
});

const caOf = ({ trust }: Inputs, folder: string): string | readonly [] => {
  if (trust === 'none') return [];
  return readFileSync(join(folder, 'certs', trust === 'private' ? 'privateca.pem' : 'client-trust.pem'), 'utf8');
};

/** Checks one scenario's endpoint with the shell command's code, delivering where it comes to that. Rejects when the check could not be made. */
export const replay = async (inputs: Inputs, folder: string): Promise<Prediction> => {
  const check = {
    hostname: inputs.hostname,
    port: inputs.port,
    sslMode: inputs.ssl_mode ?? '',
    profile: profileOf(inputs),
    ca: caOf(inputs, folder),
    requestId: 'oracle',
    deadlineMs: 120_000,
    recipient: inputs.rcpt_to ?? recipient,
    mailFrom: inputs.bounce === true ? '' : sender,
    deliver: true,
    ...(inputs.raw_message !== undefined && { message: `Resent-Sender: ${sender}\r\n${inputs.raw_message}` }),
  };
  const checked = await checkEndpoint(check, systemClock, new AbortController().signal);
  if (!checked.ok) throw new Error(`${checked.failure.kind}: ${checked.failure.message}`);
  return checked.prediction;
};
