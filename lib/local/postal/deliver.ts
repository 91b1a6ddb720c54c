import { resolve } from '../../adapters/dns/resolve.ts';
import { probeAsPostal } from '../../adapters/probe/as-postal.ts';
import type { SessionSettings } from '../../adapters/smtp/session-target.ts';
import { createTlsTrust } from '../../adapters/smtp/tls-context.ts';
import { connectPortOf } from '../../core/postal/connect-port.ts';
import { encryptionOf } from '../../core/postal/encryption.ts';
import { parseNameserver } from '../../core/postal/nameserver.ts';
import { predict } from '../../core/postal/predict.ts';
import type { Prediction } from '../../core/postal/prediction.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { AddressReport } from '../../core/probe-report/report.ts';
import type { Endpoint, MailServer, QueuedMessage } from './data.ts';

/** The mail, as it would have come from outside. */
const textOf = ({ id, token, recipient, atMs }: QueuedMessage, mailFrom: string): string =>
  [
    `Resent-Sender: ${mailFrom}`,
    `Date: ${new Date(atMs).toUTCString().replace(/GMT$/, '+0000')}`,
    'From: <someone@sender.example>',
    `To: <${recipient}>`,
    `Subject: Sample message ${id}`,
    `Message-ID: <${token}@sender.example>`,
    '',
    'A message of the local workspace.',
    '',
  ].join('\r\n');

/** Delivers one message, and says in Postal's words what happened to it. Cut short by the signal, its class is `inconclusive`. */
export type Deliver = (
  message: QueuedMessage,
  endpoint: Endpoint,
  server: MailServer,
  signal: AbortSignal,
) => Promise<Prediction>;

/** Makes what delivers messages: it looks the hostname up as Postal does, and holds a session with one address after the other until one lets it in. */
export const createDeliver = (profile: PostalProfile): Deliver => {
  const nameservers = profile.nameservers.map(parseNameserver);
  let made: SessionSettings | undefined;
  const settings = (): SessionSettings => {
    const [openMs, readMs] = [profile.openTimeoutSeconds * 1000, profile.readTimeoutSeconds * 1000];
    made ??= {
      heloHostname: profile.heloHostname,
      tls: createTlsTrust(undefined),
      connectBudgetMs: openMs,
      replyBudgetMs: readMs,
      postalOpenTimeoutMs: openMs,
      postalReadTimeoutMs: readMs,
    };
    return made;
  };

  return async (message, { hostname, port, sslMode }, server, signal) => {
    const began = performance.now();
    const mailFrom = `${server.token}@${profile.returnPathDomain}`;
    const { recipient } = message;
    const how = {
      nameservers,
      dnsTimeoutMs: profile.dnsTimeoutSeconds * 1000,
      osHostname: profile.osHostname,
      postal: profile,
    };
    const resolution = await resolve(hostname, ['AAAA', 'A'], how, signal);
    const connectPort = connectPortOf(port);
    const transaction = { mailFrom, recipient, message: textOf(message, mailFrom) };
    const encryption = encryptionOf(sslMode, profile);
    const addresses: AddressReport[] = [];
    for (const ip of connectPort === undefined ? [] : (resolution.postalAddresses ?? [])) {
      const target = { hostname, ip, port: connectPort ?? 0, sslMode, encryption, transaction };
      const { report, settles } = await probeAsPostal(target, settings(), signal);
      addresses.push(report);
      if (settles) break;
    }
    const session = {
      requestId: message.token,
      hostname,
      port: connectPort ?? 0,
      sslMode,
      startedAt: new Date(message.atMs).toISOString(),
      durationMs: performance.now() - began,
      resolution,
      transaction: { mailFrom, recipient, deliver: true },
      addresses,
    };
    // Nothing is foretold here: these are the sessions that were held, and what decides is in them.
    return predict(session, { hostname, port, sslMode, profile });
  };
};
