import type { SslMode } from '../../core/endpoint/definition.ts';
import { listenOnFirstFree } from '../ports.ts';
import { type SampleListener, startMailSink, startRawListener } from './sample-listeners.ts';
import { type CertificateAndKey, selfSignedCertificate } from './self-signed-certificate.ts';

const dayMs = 86_400_000;

export const sampleNames = [
  'starttls',
  'plaintext',
  'implicit-tls',
  'refuses',
  'silent',
  'half-dead',
  'standby',
] as const;
export type SampleName = (typeof sampleNames)[number];

/** One sample mail server, good or broken on purpose. */
export interface SmtpSample {
  readonly name: SampleName;
  /** For a person: how this server behaves. */
  readonly description: string;
  /** What a host name would point to. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** The SSL mode that one would choose for it in Postal. */
  readonly sslMode: SslMode;
  /** Whether it listens just now. */
  isUp(): boolean;
  /** Listens again, where it did before. Rejects when its port was taken meanwhile. */
  start(): Promise<void>;
  /** Ends its listener and every connection: connecting is refused then. */
  close(): Promise<void>;
}

export type SmtpSamplesOptions = {
  /** Of every sample but `implicit-tls`; 0 lets the system choose. */
  readonly port: number;
  /** Of `implicit-tls`; 0 lets the system choose. */
  readonly implicitTlsPort: number;
  /** Names that the samples' self-signed certificate is made out to. */
  readonly certificateNames: readonly string[];
  readonly nowEpochMs: number;
};

type Sample = Pick<SmtpSample, 'name' | 'description' | 'addresses' | 'sslMode'> & {
  listen(address: string, port: number): Promise<SampleListener>;
};

const samples = (certificate: CertificateAndKey): readonly Sample[] => [
  {
    name: 'starttls',
    description: 'Offers STARTTLS with a self-signed certificate and accepts mail.',
    addresses: ['127.20.0.11'],
    sslMode: 'Auto',
    listen: (address, port) =>
      startMailSink(address, port, { ...certificate, name: 'starttls.sample', banner: 'sample with STARTTLS' }),
  },
  {
    name: 'plaintext',
    description: 'Accepts mail without encryption.',
    addresses: ['127.20.0.12'],
    sslMode: 'None',
    listen: (address, port) =>
      startMailSink(address, port, {
        name: 'plaintext.sample',
        banner: 'sample in plaintext',
        disabledCommands: ['STARTTLS'],
      }),
  },
  {
    name: 'implicit-tls',
    description: 'Uses implicit TLS with a self-signed certificate, which SSL mode TLS rejects.',
    addresses: ['127.20.0.13'],
    sslMode: 'TLS',
    listen: (address, port) =>
      startMailSink(address, port, {
        ...certificate,
        name: 'tls.sample',
        banner: 'sample with implicit TLS',
        secure: true,
      }),
  },
  {
    name: 'refuses',
    description: 'Answers with 554 and closes the connection.',
    addresses: ['127.20.0.14'],
    sslMode: 'Auto',
    listen: (address, port) =>
      startRawListener(address, port, (socket) => void socket.end('554 refuses.sample No SMTP service here\r\n')),
  },
  {
    name: 'silent',
    description: 'Accepts the connection and stays silent.',
    addresses: ['127.20.0.15'],
    sslMode: 'Auto',
    listen: (address, port) => startRawListener(address, port, () => undefined),
  },
  {
    name: 'half-dead',
    description: 'Two addresses: the first offers STARTTLS, the second refuses connections.',
    addresses: ['127.20.0.16', '127.20.0.17'],
    sslMode: 'Auto',
    listen: (address, port) =>
      startMailSink(address, port, { ...certificate, name: 'half-dead.sample', banner: 'sample half alive' }),
  },
  {
    name: 'standby',
    description: 'Offers STARTTLS on the same port as starttls: a standby for a failover.',
    addresses: ['127.20.0.18'],
    sslMode: 'Auto',
    listen: (address, port) =>
      startMailSink(address, port, { ...certificate, name: 'standby.sample', banner: 'sample in reserve' }),
  },
];

/** A sample that listens, and can be stopped and started again. */
const open = async ({ listen, ...sample }: Sample, wishedPort: number): Promise<SmtpSample> => {
  const address = sample.addresses[0] ?? '';
  let listener: SampleListener | undefined = await listen(address, wishedPort);
  const { port } = listener;
  // One after the other, however fast somebody clicks.
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  return {
    ...sample,
    port,
    isUp: () => listener !== undefined,
    start: () =>
      inTurn(async () => {
        listener ??= await listen(address, port);
      }),
    close: () =>
      inTurn(async () => {
        const closing = listener;
        listener = undefined;
        await closing?.close();
      }),
  };
};

/**
 * Starts every sample, each on a loopback address of its own; only a sample's first address listens. Linux answers on all of 127.0.0.0/8;
 * elsewhere the addresses have to be added to the loopback interface. Rejects, with nothing left open, when one cannot listen.
 */
export const startSmtpSamples = async (options: SmtpSamplesOptions): Promise<readonly SmtpSample[]> => {
  const certificate = selfSignedCertificate({
    commonName: options.certificateNames[0] ?? 'sample',
    altNames: options.certificateNames,
    notBeforeEpochMs: options.nowEpochMs - dayMs,
    notAfterEpochMs: options.nowEpochMs + 90 * dayMs,
  });
  const startAll = async (): Promise<readonly SmtpSample[]> => {
    const started: SmtpSample[] = [];
    try {
      for (const sample of samples(certificate)) {
        const port = sample.name === 'implicit-tls' ? options.implicitTlsPort : (started[0]?.port ?? options.port);
        started.push(await open(sample, port));
      }
    } catch (error) {
      await Promise.all(started.map((sample) => sample.close()));
      throw error;
    }
    return started;
  };
  // A port that the system chose for one address may be in use at another: it chooses again.
  return options.port === 0 ? listenOnFirstFree([1, 2, 3, 4, 5], startAll) : startAll();
};
