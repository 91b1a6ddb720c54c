import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../../loopback-server.ts';
import type { Faults } from './faults.ts';
import { sendText } from './http.ts';
import type { MethodContext } from './method.ts';
import { playFault } from './web-api.ts';

export const largestFileBytes = 64 * 1024 * 1024;

/** Answers a POST of a file's raw bytes to the address that announcing it gave; the address is all the credential that is asked for. */
export const createUploads =
  ({ files, faults }: Pick<MethodContext, 'files'> & { readonly faults: Faults }) =>
  async (key: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, largestFileBytes);
    const fault = faults.take('upload');
    if (playFault(fault, request, response)) return;
    if (body === 'too-large') return sendText(response, 413, 'file too large');
    const result = files.receive(key, body);
    if (fault === 'lost-answer') return void request.socket.destroy();
    if (result === 'received') return sendText(response, 200, `OK - ${body.length}`);
    return sendText(response, result === 'wrong-length' ? 400 : 404, result);
  };
