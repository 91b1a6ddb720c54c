import type { MessengerResult } from './messenger.ts';

/** A file as people get it. */
export type FileToUpload = {
  /** With its extension, by which Slack knows what it is. */
  readonly name: string;
  readonly title: string;
  readonly bytes: Uint8Array;
  /** What a picture shows, for whoever does not see it. */
  readonly altText?: string;
  /** mrkdwn that introduces the file where it is shared. */
  readonly comment?: string;
  /**
   * Where it is shared: a channel that the bot is a member of, or a user's id for their direct messages with the bot. Absent: nowhere yet; the `fileId`
   * then goes into a message's image block, as `slack_file: { id }`.
   */
  readonly destination?: string;
};

/** `permalink` is null where Slack gave none. */
export type UploadedFile = { readonly fileId: string; readonly permalink: string | null };

/** Port to Slack, for whoever has a file to hand over. */
export interface FileUpload {
  /**
   * Uploads one file and shares it, once. `refused` with `missing_scope` where the app lacks `files:write`, or for direct messages `im:write`. Of
   * `unreachable` nobody knows whether the file was shared.
   */
  upload(file: FileToUpload, signal: AbortSignal): Promise<MessengerResult<UploadedFile>>;
}
