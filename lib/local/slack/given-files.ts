import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../loopback-server.ts';
import type { JsonObject } from './input-state.ts';
import { mimeTypeOf } from './store/stored-file.ts';
import type { Faults } from './web-api/faults.ts';
import { sendJson, sendText } from './web-api/http.ts';
import type { MethodContext } from './web-api/method.ts';
import { largestFileBytes } from './web-api/uploads.ts';
import { playFault, sameSecret } from './web-api/web-api.ts';

/** A file that a person put into a form, as `state.values` has it; undefined where there is none of this id. */
export const givenFileJson = (id: string, { store, workspace, pageUrl }: MethodContext): JsonObject | undefined => {
  const file = store.file(id);
  const uploader = workspace.users.find((user) => user.id === file?.uploadedBy);
  if (file === undefined || uploader === undefined) return undefined;
  const { name, title, mimeType, size } = file;
  const address = `${pageUrl()}/files-pri/${id}`;
  return {
    id,
    name,
    title,
    mimetype: mimeType,
    size,
    mode: 'hosted',
    is_external: false,
    user: uploader.id,
    user_team: uploader.teamId ?? workspace.team.id,
    url_private: `${address}/${encodeURIComponent(name)}`,
    url_private_download: `${address}/download/${encodeURIComponent(name)}`,
  };
};

/** Files that people put into forms: taken from the page, and given to the holder of the bot's token. */
export const createGivenFiles = ({
  store,
  files,
  workspace,
  faults,
  botToken,
}: MethodContext & { readonly faults: Faults; readonly botToken: string }) => ({
  /** Takes the raw bytes of a POST, and answers with the file's id. */
  take: async (query: URLSearchParams, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const user = workspace.users.find(({ id }) => id === query.get('user'));
    const name = query.get('name') ?? '';
    // A page of another origin cannot send this content type without asking first, and is never told yes.
    if (request.headers['content-type'] !== 'application/octet-stream')
      return sendJson(response, 415, { ok: false, error: 'send application/octet-stream' });
    const bytes = await readBody(request, largestFileBytes);
    if (bytes === 'too-large') return sendJson(response, 413, { ok: false, error: 'The file is too large.' });
    if (user === undefined || name === '' || bytes.length === 0)
      return sendJson(response, 400, { ok: false, error: 'The file is empty, or has no name.' });
    const id = store.nextId('F');
    files.put(id, bytes);
    store.addFile({ id, name, title: name, size: bytes.length, mimeType: mimeTypeOf(name), uploadedBy: user.id });
    sendJson(response, 200, { ok: true, id });
  },

  /** Sends a file's bytes; to anybody else than the bot the way to the login page. */
  send: async (id: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = faults.take('files-pri');
    if (playFault(fault, request, response)) return;
    const token = request.headers.authorization?.replace(/^Bearer /i, '') ?? '';
    if (!sameSecret(token, botToken)) return sendText(response, 302, '', { location: '/?redir=files' });
    const bytes = store.file(id)?.uploadedBy === undefined ? undefined : await files.read(id);
    if (bytes === undefined) return sendText(response, 404, 'file not found');
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
    response.end(bytes);
  },
});
