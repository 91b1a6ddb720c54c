import * as z from 'zod/mini';
import type { FileUpload } from '../../app/ports/file-upload.ts';
import type { MessengerResult } from '../../app/ports/messenger.ts';
import type { Clock } from '../../core/base/clock.ts';
import { isSlackId } from '../../core/base/slack-ids.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import { isSlackAddress } from './slack-hosts.ts';
import { createWebApiCall, type WebApiAccess, waitingWhenLimited } from './web-api-call.ts';
import { retryAfterFailure } from './web-api-failure.ts';

const bytesTimeoutMs = 30_000;

const openedSchema = z.object({ channel: z.object({ id: z.string() }) });
const ticketSchema = z.object({ upload_url: z.url(), file_id: z.string() });
const completedSchema = z.object({
  files: z.array(z.object({ id: z.string(), permalink: z.optional(z.string()) })),
});

const failed = (failure: MessengerFailure): { readonly ok: false; readonly failure: MessengerFailure } => ({
  ok: false,
  failure,
});

/**
 * Files over `files.getUploadURLExternal`, a POST of the bytes, and `files.completeUploadExternal`, which want the scope `files:write`; a person's direct
 * messages are opened with `conversations.open`, scope `im:write`, since Slack shares files with conversations alone. Throws only what `botToken` throws.
 */
export const createWebApiFileUpload = (
  options: WebApiAccess & { readonly clock: Pick<Clock, 'sleep'> },
): FileUpload => {
  const call = waitingWhenLimited(createWebApiCall(options), options.clock);

  const send = async (
    uploadUrl: string,
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<MessengerFailure | undefined> => {
    if (!isSlackAddress(new URL(uploadUrl), options.slackApiUrl))
      return { kind: 'unreachable', message: 'Slack named a place for the file that is not its own' };
    try {
      const response = await fetch(uploadUrl, {
        method: 'POST',
        redirect: 'error',
        headers: { 'content-type': 'application/octet-stream' },
        body: Buffer.from(bytes),
        signal: AbortSignal.any([signal, AbortSignal.timeout(bytesTimeoutMs)]),
      });
      await response.arrayBuffer();
      if (response.status === 429) return retryAfterFailure(response.headers.get('retry-after'));
      return response.ok
        ? undefined
        : { kind: 'unreachable', message: `Slack answered the file with HTTP ${response.status}` };
    } catch (error) {
      return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
    }
  };

  const channelFor = async (destination: string, signal: AbortSignal): Promise<MessengerResult<string>> => {
    if (!isSlackId('user', destination)) return { ok: true, value: destination };
    const opened = await call('conversations.open', { users: destination }, openedSchema, signal);
    return opened.ok ? { ok: true, value: opened.value.channel.id } : opened;
  };

  return {
    upload: async ({ name, title, bytes, altText, comment, destination }, signal) => {
      const channel = destination === undefined ? undefined : await channelFor(destination, signal);
      if (channel?.ok === false) return channel;
      const wanted = { filename: name, length: bytes.byteLength, alt_txt: altText };
      const ticket = await call('files.getUploadURLExternal', wanted, ticketSchema, signal);
      if (!ticket.ok) return ticket;
      const unsent = await send(ticket.value.upload_url, bytes, signal);
      if (unsent !== undefined) return failed(unsent);
      const completion = {
        files: [{ id: ticket.value.file_id, title }],
        channel_id: channel?.value,
        initial_comment: channel === undefined ? undefined : comment,
      };
      const completed = await call('files.completeUploadExternal', completion, completedSchema, signal);
      if (!completed.ok) return completed;
      return {
        ok: true,
        value: { fileId: ticket.value.file_id, permalink: completed.value.files[0]?.permalink ?? null },
      };
    },
  };
};
