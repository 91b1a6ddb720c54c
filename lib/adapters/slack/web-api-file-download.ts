import type { DownloadedFile, FileDownload } from '../../app/ports/file-download.ts';
import { isSlackAddress } from './slack-hosts.ts';
import type { WebApiAccess } from './web-api-call.ts';

const timeoutMs = 20_000;

const failed = (
  reason: Extract<DownloadedFile, { readonly ok: false }>['reason'],
  message: string,
): DownloadedFile => ({ ok: false, reason, message });

const isLoginPage = (response: Response): boolean =>
  response.headers.get('content-type')?.startsWith('text/html') ?? false;

/** Counts while it reads: nothing that is said of the size beforehand has to be true. */
const readUpTo = async (response: Response, mostOctets: number): Promise<Uint8Array | undefined> => {
  const parts: Uint8Array[] = [];
  let octets = 0;
  for await (const part of response.body ?? []) {
    octets += part.length;
    // Leaving the loop cancels the rest.
    if (octets > mostOctets) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
};

/**
 * Files at their `url_private_download`, which wants the scope `files:read`. The token goes to Slack's own hosts alone, and redirects are not followed: without
 * the scope Slack redirects to its login page. Throws only what `botToken` throws.
 */
export const createWebApiFileDownload = ({ botToken, slackApiUrl }: WebApiAccess): FileDownload => ({
  download: async (address, mostOctets, signal) => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined || !isSlackAddress(url, slackApiUrl))
      return failed('not-slack', 'the file is at another host');
    const token = await botToken();
    try {
      const response = await fetch(url, {
        redirect: 'manual',
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      const { status } = response;
      if (status === 200 && !isLoginPage(response)) {
        const bytes = await readUpTo(response, mostOctets);
        return bytes === undefined ? failed('too-large', `more than ${mostOctets} octets`) : { ok: true, bytes };
      }
      await response.body?.cancel();
      if (status === 404 || status === 410) return failed('gone', `HTTP ${status}`);
      return status < 500 && status !== 429
        ? failed('no-access', `HTTP ${status}`)
        : failed('unreachable', `HTTP ${status}`);
    } catch (error) {
      return failed('unreachable', error instanceof Error ? error.message : String(error));
    }
  },
});
