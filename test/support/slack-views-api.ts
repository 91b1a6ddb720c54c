import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkView } from '../../lib/local/slack/blocks/view-rules.ts';

export type OpenedView = {
  readonly triggerId: string;
  readonly view: { readonly private_metadata: string; readonly callback_id: string };
};

/** A Slack Web API that knows views.open alone, holds views to Slack's limits, and counts every other call as a mistake. */
export interface SlackViewsApi {
  /** With its final slash. */
  readonly url: string;
  readonly opened: readonly OpenedView[];
  /** Calls of other methods. */
  readonly others: readonly string[];
  /** Slack's error for the next call; `silence` for no answer at all. */
  readonly trouble: string[];
  close(): Promise<void>;
}

export const startSlackViewsApi = async (): Promise<SlackViewsApi> => {
  const opened: OpenedView[] = [];
  const others: string[] = [];
  const trouble: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8');
    });
    request.on('end', () => {
      const answer = (json: unknown): void =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
      if (request.url !== '/api/views.open') {
        others.push(request.url ?? '');
        return answer({ ok: false, error: 'unknown_method' });
      }
      const met = trouble.shift();
      if (met === 'silence') return;
      if (met !== undefined) return answer({ ok: false, error: met });
      const fields = new URLSearchParams(body);
      const view: OpenedView['view'] = JSON.parse(fields.get('view') ?? '{}');
      const checked = checkView(view, 'modal', (prefix) => `${prefix}1`);
      if (!checked.ok)
        return answer({ ok: false, error: 'invalid_arguments', response_metadata: { messages: checked.messages } });
      opened.push({ triggerId: fields.get('trigger_id') ?? '', view });
      answer({ ok: true, view: {} });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    opened,
    others,
    trouble,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
