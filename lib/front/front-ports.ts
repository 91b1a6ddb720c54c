import type { ModalView } from '@slack/types';
import type { SlackSecrets } from '../adapters/aws/secrets.ts';
import type { ViewOpening } from '../adapters/slack/open-view.ts';
import type { CommandQueue } from '../app/ports/command-queue.ts';
import type { Logger } from '../app/ports/logger.ts';
import type { Messenger } from '../app/ports/messenger.ts';
import type { DefinitionInput } from '../core/endpoint/definition.ts';
import type { Finding } from '../core/endpoint/finding.ts';
import type { SlackRequest } from './request.ts';

/** The validation rules, bound to policy and profile. */
export type CheckInput = (input: DefinitionInput) => readonly Finding[];

/** Everything outside that the front may touch. */
export type FrontPorts = {
  readonly queue: Pick<CommandQueue, 'send'>;
  readonly messenger: Pick<Messenger, 'reply'>;
  /** Opens a form. A trigger can be used once, for three seconds. */
  readonly openView: (triggerId: string, view: ModalView, signal: AbortSignal) => Promise<ViewOpening>;
  /** Loads the rules when the first form is submitted; commands never need them here. */
  readonly loadRules: () => Promise<CheckInput>;
  /** Loads what makes the examples of a text fit the policy, for help and form. */
  readonly loadExamples: () => Promise<(text: string) => string>;
  readonly log: Logger;
  /** An id for one opening of a form. */
  readonly newNonce: () => string;
};

/** A verified request on its way. */
export type Incoming<Request extends SlackRequest = SlackRequest> = {
  readonly request: Request;
  /** The same for every delivery of the same request. */
  readonly requestId: string;
  /** The bot's own ids, of the secrets with which the request was verified. */
  readonly bot: Pick<SlackSecrets, 'botId' | 'botUserId'>;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  /** Ends everything in time for Slack to hear of it. */
  readonly signal: AbortSignal;
};

export type IncomingOf<Kind extends SlackRequest['kind']> = Incoming<Extract<SlackRequest, { readonly kind: Kind }>>;

/** Slack gives 3,000 ms in all; what is left over pays for the way there and back. */
export const frontDeadlines = {
  requestMs: 2700,
  secretsMs: 800,
  queueMs: 1500,
  openViewMs: 1500,
  replyMs: 1000,
} as const;
