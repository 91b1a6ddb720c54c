import { generateKeyPairSync } from 'node:crypto';
import type { PostalMessage } from '../../../lib/app/queue/postal-message.ts';
import { postalProfileSchema } from '../../../lib/core/postal/profile.ts';
import { createDnsServer } from '../../../lib/local/dns-server.ts';
import { httpApiEvent } from '../../../lib/local/http-api/event.ts';
import { readBody, serveHttp } from '../../../lib/local/loopback-server.ts';
import type { MailServer } from '../../../lib/local/postal/data.ts';
import { createLocalPostal } from '../../../lib/local/postal/local-postal.ts';
import type { PostalPanel, PostalPanelState, PostalRequests } from '../../../lib/local/postal/panel-protocol.ts';
import { createLocalRoute53, type LocalRoute53 } from '../../../lib/local/route53/local-route53.ts';
import { type SampleName, type SmtpSample, startSmtpSamples } from '../../../lib/local/smtp/samples.ts';
import { postalFrontUnderTest, postalSecrets } from '../../support/postal-front-under-test.ts';

const zone = { id: 'Z0CORP', name: 'corp.internal' };
const servers: readonly MailServer[] = [
  { id: 1, name: 'acme/production', mode: 'Live', domain: 'acme.example', token: 'acmepr' },
  { id: 2, name: 'acme/staging', mode: 'Development', domain: 'staging.acme.example', token: 'acmest' },
];

export type PostalUnderTest = AsyncDisposable & {
  readonly samples: Readonly<Record<SampleName, SmtpSample>>;
  readonly route53: LocalRoute53;
  /** What the bot's receiver took. */
  readonly sent: readonly PostalMessage[];
  /** Answers so many of the next requests with 500. */
  failRequests(count: number): void;
  /** What the page works with, until a restart. */
  panel(): PostalPanel;
  state(): PostalPanelState;
  /** Does what the page would ask for; what is wrong with it, where something is. */
  act<Name extends keyof PostalRequests>(name: Name, request: Omit<PostalRequests[Name], 'user'>): string | undefined;
  /** Ends it and starts it again with what it has kept. */
  restart(): Promise<void>;
};

/** A Postal with sample servers, a zone and the bot's receiver, all on loopback. `timesFaster`: a minute of Postal is a hundredth of a second at 6,000. */
export const postalUnderTest = async (file?: string, timesFaster = 6000): Promise<PostalUnderTest> => {
  await using parts = new AsyncDisposableStack();
  const listening = await startSmtpSamples({
    port: 0,
    implicitTlsPort: 0,
    certificateNames: ['*.mail.corp.internal'],
    nowEpochMs: Date.now(),
  });
  parts.defer(async () => void (await Promise.all(listening.map((sample) => sample.close()))));
  const sampleOf = (name: SampleName): SmtpSample => {
    const found = listening.find((sample) => sample.name === name);
    if (found === undefined) throw new RangeError(`there is no sample ${name}`);
    return found;
  };
  const route53 = createLocalRoute53({ clock: { now: Date.now }, zones: [zone] });
  const dnsServer = createDnsServer({ zones: route53.zones });
  const dns = await dnsServer.listen(0);
  parts.defer(() => dnsServer.close());

  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const signingKey = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const front = postalFrontUnderTest({ signingKey }, Date.now);
  let failures = 0;
  const receiver = await serveHttp((request, response) => {
    void (async () => {
      const body = await readBody(request, 1_000_000);
      failures -= 1;
      if (failures >= 0 || body === 'too-large') return response.writeHead(500).end();
      const answer = await front.handle(
        httpApiEvent(request, body, { receivedAtEpochMs: Date.now(), formBodies: 'base64' }),
      );
      return response.writeHead(answer.statusCode ?? 500).end(answer.body);
    })();
  }, 0);
  parts.defer(() => receiver.close());
  const origin = `http://127.0.0.1:${receiver.port}`;

  const profile = postalProfileSchema.parse({
    heloHostname: 'postal.example.com',
    returnPathDomain: 'rp.postal.example.com',
    nameservers: [`${dns.address}:${dns.port}`],
  });
  const start = async () => {
    const postal = await createLocalPostal({
      ...(file === undefined ? {} : { file }),
      servers,
      profile,
      timesFaster,
      now: Date.now,
      log: () => undefined,
    });
    const { webhookTokens, reportKeys } = postalSecrets;
    const [sender, reportKey] = ['postal1', reportKeys['postal1'] ?? ''];
    postal.start(origin, { signingKey: privateKey, sender, reportKey, webhookTokens });
    return postal;
  };
  let postal = await start();
  parts.defer(() => postal.close());
  const running = parts.move();
  return {
    samples: {
      starttls: sampleOf('starttls'),
      plaintext: sampleOf('plaintext'),
      'implicit-tls': sampleOf('implicit-tls'),
      refuses: sampleOf('refuses'),
      silent: sampleOf('silent'),
      'half-dead': sampleOf('half-dead'),
      standby: sampleOf('standby'),
    },
    route53,
    sent: front.sent,
    failRequests: (count) => {
      failures = count;
    },
    panel: () => postal,
    state: () => postal.state(),
    act: (name, request) => {
      const outcome = postal.act(name, request);
      return outcome?.ok === true ? undefined : (outcome?.error ?? 'nothing of Postal');
    },
    restart: async () => {
      await postal.close();
      postal = await start();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
