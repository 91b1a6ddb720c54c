/** The bytes of a file in Slack, or why there are none. `not-slack`: the address is not one of Slack's own. */
export type DownloadedFile =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | {
      readonly ok: false;
      readonly reason: 'not-slack' | 'too-large' | 'no-access' | 'gone' | 'unreachable';
      /** For the log. */
      readonly message: string;
    };

/** Port to Slack, for whoever needs a file that a person gave the bot. */
export interface FileDownload {
  /** The bytes at a file's `url_private_download`, up to so many; more is `too-large`. Never rejects. */
  download(url: string, mostOctets: number, signal: AbortSignal): Promise<DownloadedFile>;
}
