import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../core/base/clock.ts';
import { slackLimits } from '../../core/limits/limits.ts';
import { type LoopbackServer, serveHttp } from '../loopback-server.ts';
import type { PostalPanel } from '../postal/panel-protocol.ts';
import { createGivenFiles } from './given-files.ts';
import { createInteractions, type DeliveryUrls } from './interactions.ts';
import type { Machine } from './page-api/machine-protocol.ts';
import { createPageApi } from './page-api/page-api.ts';
import { buildPage, type Page } from './page-api/page-bundle.ts';
import type { FirstStep } from './page-api/page-protocol.ts';
import { createFileStore } from './store/file-store.ts';
import { openSlackStore, type SlackStore } from './store/store.ts';
import type { Workspace } from './store/workspace.ts';
import { createFaults, type Faults } from './web-api/faults.ts';
import { sendText } from './web-api/http.ts';
import { createResponseUrls } from './web-api/response-url.ts';
import { createTickets } from './web-api/tickets.ts';
import { createTokenBucket } from './web-api/token-bucket.ts';
import { createUploads } from './web-api/uploads.ts';
import { createWebApi } from './web-api/web-api.ts';

const postsPerSecond = 1;
/** Slack lets a short burst through before it answers 429. */
const postBurst = 4;

const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0f766e"/><path d="M7 11h18v11H7z" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/><path d="m7 11 9 7 9-7" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>`;

export type LocalSlackOptions = Workspace & {
  /** Where messages and views outlive the process; absent: nowhere. */
  readonly file?: string;
  readonly clock: Clock;
  readonly signingSecret: string;
  readonly botToken: string;
  /** Where the app takes requests; asked anew for each, so that the app may start after the local Slack. */
  readonly deliver: () => DeliveryUrls;
  /** What the page's composer completes from. */
  readonly commandTable?: unknown;
  /** What the page proposes to someone who is new here, in a good order. */
  readonly firstSteps?: readonly FirstStep[];
  /** What the page shows and does beside Slack. */
  readonly machine?: Machine;
  /** A Postal beside the bot, which the page shows and edits. */
  readonly postal?: PostalPanel;
  /** The workspace page; bundled when it is first asked for unless given. */
  readonly page?: () => Promise<Page>;
  /** Milliseconds that the app has to answer; Slack's 3,000 unless a test is in a hurry. */
  readonly ackMilliseconds?: number;
};

export type LocalSlack = {
  /** Listens on 127.0.0.1. `url` has no trailing slash, `apiUrl` has one, as clients want it. */
  listen(port?: number): Promise<{ readonly url: string; readonly apiUrl: string }>;
  /** Ends open pages and connections, and waits until everything is on disk. */
  close(): Promise<void>;
  /** A response_url such as a slash command carries: 5 uses in 30 minutes. */
  issueResponseUrl(channel: string, userId: string): string;
  readonly store: SlackStore;
  readonly faults: Faults;
};

/** A Slack of one's own on loopback: Web API, response_urls, signed requests to the app, and the workspace page. */
export const createLocalSlack = async (options: LocalSlackOptions): Promise<LocalSlack> => {
  const { file, clock } = options;
  const store = await openSlackStore({ clock, ...(file === undefined ? {} : { file }) });
  const faults = createFaults();
  const files = createFileStore(file === undefined ? undefined : `${file}.files`);
  let origin = '';
  const context = {
    workspace: options,
    store,
    files,
    clock,
    faults,
    tickets: createTickets(clock),
    postRate: createTokenBucket(clock, postsPerSecond, postBurst),
    pageUrl: () => origin,
    responseUrl: (key: string) => `${origin}/response/${key}`,
    botToken: options.botToken,
    signingSecret: options.signingSecret,
    deliver: options.deliver,
    ackMilliseconds: options.ackMilliseconds ?? slackLimits.ackMilliseconds,
    commandTable: options.commandTable,
    firstSteps: options.firstSteps ?? [],
    machine: options.machine,
    postal: options.postal,
  };
  const webApi = createWebApi(context);
  const responseUrls = createResponseUrls(context);
  const uploads = createUploads(context);
  const givenFiles = createGivenFiles(context);
  const pageApi = createPageApi(context, createInteractions(context));

  let page: Promise<Page> | undefined;
  const servePage = async (part: keyof Page, type: string, response: ServerResponse): Promise<void> => {
    page ??= (options.page ?? buildPage)();
    sendText(response, 200, (await page)[part], {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://slack');
    const [, area = '', name = ''] = pathname.split('/');
    if (area === 'api') return webApi(name, request, response);
    if (area === 'upload' && request.method === 'POST') return uploads(name, request, response);
    if (area === 'files-pri') return givenFiles.send(name, request, response);
    if (area === 'response' && request.method === 'POST') return responseUrls(name, request, response);
    // Another name that resolves to loopback would let a foreign page read this one.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? ''))
      return sendText(response, 403, 'open this page as 127.0.0.1 or localhost');
    if (pathname === '/page/upload' && request.method === 'POST')
      return givenFiles.take(searchParams, request, response);
    if (area === 'page') return pageApi.handle(name, searchParams, request, response);
    if (pathname === '/') return servePage('html', 'text/html', response);
    if (pathname === '/page.js') return servePage('js', 'text/javascript', response);
    if (pathname === '/page.css') return servePage('css', 'text/css', response);
    if (pathname === '/icon.svg') return sendText(response, 200, icon, { 'content-type': 'image/svg+xml' });
    return sendText(response, 404, 'not found');
  };

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    route(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendText(response, 500, error instanceof Error ? error.message : String(error));
    });
  };
  let server: LoopbackServer | undefined;

  return {
    store,
    faults,
    issueResponseUrl: (channel, userId) => context.responseUrl(context.tickets.issueResponseUrl({ channel, userId })),
    listen: async (port = 0) => {
      server = await serveHttp(serve, port);
      origin = `http://127.0.0.1:${server.port}`;
      return { url: origin, apiUrl: `${origin}/api/` };
    },
    close: async () => {
      pageApi.close();
      await server?.close();
      await files.flush();
      await store.flush();
    },
  };
};
