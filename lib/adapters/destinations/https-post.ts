import { lookup } from 'node:dns/promises';
import https from 'node:https';
import { isIP } from 'node:net';

export type HttpsPost = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why an address must not be dialled; undefined where it may. */
  readonly addressFault: (address: string) => string | undefined;
  /** Certificates (PEM) to trust instead of those that Node.js brings. */
  readonly ca?: string;
};

export type PostAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Nothing was sent. */
  | { readonly kind: 'address-refused'; readonly message: string }
  /** It may have arrived. */
  | { readonly kind: 'failed'; readonly message: string };

/** Of an answer; what it says beyond its status is of no use. */
const longestAnswerBytes = 64 * 1024;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The addresses of a host, without brackets; its own text where that is an address. Waits no longer than the signal. */
const addressesOf = async (host: string, signal: AbortSignal): Promise<readonly string[]> => {
  if (isIP(host) !== 0) return [host];
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    const found = await Promise.race([lookup(host, { all: true }), aborted]);
    return found.map(({ address }) => address);
  } finally {
    signal.removeEventListener('abort', abort);
  }
};

const retryAfter = (value: string | undefined): { readonly retryAfterSeconds?: number } =>
  value !== undefined && /^\d{1,4}$/.test(value) ? { retryAfterSeconds: Number(value) } : {};

const exchange = (
  { url, headers, body, ca }: HttpsPost,
  address: string,
  host: string,
  signal: AbortSignal,
): Promise<PostAnswer> =>
  new Promise((resolve) => {
    const failed = (error: unknown) => resolve({ kind: 'failed', message: messageOf(error) });
    const sent = https.request(
      {
        method: 'POST',
        // The address that was examined: a second resolution could give another one.
        host: address,
        port: url.port === '' ? 443 : Number(url.port),
        path: `${url.pathname}${url.search}`,
        headers: { ...headers, host: url.host, 'content-length': Buffer.byteLength(body) },
        agent: false,
        signal,
        ...(isIP(host) === 0 ? { servername: host } : {}),
        ...(ca === undefined ? {} : { ca }),
      },
      (response) => {
        let bytes = 0;
        const answered = () =>
          resolve({
            kind: 'answered',
            status: response.statusCode ?? 0,
            ...retryAfter(response.headers['retry-after']),
          });
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= longestAnswerBytes) return;
          answered();
          response.destroy();
        });
        response.on('end', answered);
        response.on('error', failed);
      },
    );
    sent.on('error', failed);
    sent.end(body);
  });

/**
 * Sends one POST over HTTPS to an address that may be dialled, and follows no redirect. The name is resolved once, and the connection goes to the very
 * address that was examined; TLS verifies the name. Ends with the signal. Never rejects.
 */
export const httpsPost = async (post: HttpsPost, signal: AbortSignal): Promise<PostAnswer> => {
  const host = post.url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (post.url.protocol !== 'https:')
    return { kind: 'address-refused', message: 'the URL does not begin with https://' };
  try {
    const addresses = await addressesOf(host, signal);
    const [address] = addresses.filter((each) => post.addressFault(each) === undefined);
    if (address !== undefined) return await exchange(post, address, host, signal);
    const [first = ''] = addresses;
    return { kind: 'address-refused', message: post.addressFault(first) ?? `${host} has no address` };
  } catch (error) {
    return { kind: 'failed', message: messageOf(error) };
  }
};
