import type { SslMode } from '../../endpoint/definition.ts';
import { type SampleListener, startMailSink, startRawListener } from './sample-listeners.ts';
import { type CertificateAndKey, selfSignedCertificate } from './self-signed-certificate.ts';

const dayMs = 86_400_000;

export const sampleNames = ['starttls', 'plaintext', 'implicit-tls', 'refuses', 'silent', 'half-dead', 'standby'] as const;
export type SampleName = (typeof sampleNames)[number];

/** One sample mail server, good or broken on purpose. */
export interface SmtpSample {
  readonly name: SampleName;
  /** For a person: what will be met there. */
  readonly description: string;
  /** What a host name would point to. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** The SSL mode that one would choose for it in Postal. */
  readonly sslMode: SslMode;
  close(): Promise<void>;
}

export type SmtpSamplesOptions = {
  /** Of every sample but `implicit-tls`; 0 lets the system choose one for each. */
  readonly port: number;
  readonly implicitTlsPort: number;
  /** Names that the samples' self-signed certificate is made out to. */
  readonly certificateNames: readonly string[];
  readonly nowEpochMs: number;
};

type Sample = Omit<SmtpSample, 'port' | 'close'> & {
  /** `portOfFirst`: on which the first sample listens. */ start(address: string, portOfFirst: number): Promise<SampleListener>;
};

const samples = (options: SmtpSamplesOptions, certificate: CertificateAndKey): readonly Sample[] => [
  {
    name: 'starttls',
    description: 'Offers STARTTLS with a self-signed certificate and takes mail.',
    addresses: ['127.20.0.11'],
    sslMode: 'Auto',
    start: (address) => startMailSink(address, options.port, { ...certificate, name: 'starttls.sample', banner: 'sample with STARTTLS' }),
  },
  {
    name: 'plaintext',
    description: 'Takes mail without any encryption.',
    addresses: ['127.20.0.12'],
    sslMode: 'None',
    start: (address) =>
      startMailSink(address, options.port, { name: 'plaintext.sample', banner: 'sample in plaintext', disabledCommands: ['STARTTLS'] }),
  },
  {
    name: 'implicit-tls',
    description: 'Speaks TLS from the first byte; its certificate is self-signed, which mode TLS refuses.',
    addresses: ['127.20.0.13'],
    sslMode: 'TLS',
    start: (address) =>
      startMailSink(address, options.implicitTlsPort, { ...certificate, name: 'tls.sample', banner: 'sample with implicit TLS', secure: true }),
  },
  {
    name: 'refuses',
    description: 'Greets with 554 and hangs up.',
    addresses: ['127.20.0.14'],
    sslMode: 'Auto',
    start: (address) => startRawListener(address, options.port, (socket) => void socket.end('554 refuses.sample No SMTP service here\r\n')),
  },
  {
    name: 'silent',
    description: 'Accepts the connection and never says a word.',
    addresses: ['127.20.0.15'],
    sslMode: 'Auto',
    start: (address) => startRawListener(address, options.port, () => undefined),
  },
  {
    name: 'half-dead',
    description: 'Two addresses, of which the first answers with STARTTLS and the second refuses connections.',
    addresses: ['127.20.0.16', '127.20.0.17'],
    sslMode: 'Auto',
    start: (address) => startMailSink(address, options.port, { ...certificate, name: 'half-dead.sample', banner: 'sample half alive' }),
  },
  {
    name: 'standby',
    description: 'On the port of the first, with STARTTLS: where its mail can be led by a failover.',
    addresses: ['127.20.0.18'],
    sslMode: 'Auto',
    start: (address, portOfFirst) => startMailSink(address, portOfFirst, { ...certificate, name: 'standby.sample', banner: 'sample in reserve' }),
  },
];

/**
 * Starts every sample, each on a loopback address of its own; only a sample's first address listens. Linux answers on all of 127.0.0.0/8 as it is;
 * elsewhere the addresses have to be added to the loopback interface. Rejects, with nothing left open, when one cannot listen.
 */
export const startSmtpSamples = async (options: SmtpSamplesOptions): Promise<readonly SmtpSample[]> => {
  const certificate = selfSignedCertificate({
    commonName: options.certificateNames[0] ?? 'sample',
    altNames: options.certificateNames,
    notBeforeEpochMs: options.nowEpochMs - dayMs,
    notAfterEpochMs: options.nowEpochMs + 90 * dayMs,
  });
  const started: SmtpSample[] = [];
  try {
    for (const { start, ...sample } of samples(options, certificate)) {
      const listener = await start(sample.addresses[0] ?? '', started[0]?.port ?? options.port);
      started.push({ ...sample, port: listener.port, close: listener.close });
    }
  } catch (error) {
    await Promise.all(started.map((sample) => sample.close()));
    throw error;
  }
  return started;
};
