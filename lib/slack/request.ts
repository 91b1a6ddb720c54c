import * as z from 'zod';

const id = z.string().min(1).max(255);

/** Who asked, and where an answer reaches them. `channelId` is the person's own id where there is no channel: their direct messages. */
export type Asker = {
  readonly teamId: string;
  readonly userId: string;
  readonly userName: string;
  readonly channelId: string;
  readonly responseUrl?: string;
};

/** One request of Slack's, as far as the front cares. */
export type SlackRequest =
  | { readonly kind: 'command'; readonly asker: Asker; readonly text: string; readonly triggerId: string }
  | {
      readonly kind: 'button';
      readonly asker: Asker;
      readonly actionId: string;
      readonly value?: string;
      readonly actionTs: string;
      readonly triggerId: string;
      /** False for what is not a button: a select or a checkbox that reports its change. */
      readonly isButton: boolean;
    }
  | { readonly kind: 'form'; readonly asker: Asker; readonly callbackId: string; readonly privateMetadata: string; readonly state: unknown }
  | { readonly kind: 'form-closed' }
  | { readonly kind: 'shortcut'; readonly asker: Asker; readonly triggerId: string }
  | { readonly kind: 'home'; readonly asker: Asker; readonly eventId: string }
  | { readonly kind: 'url-verification' }
  /** Signed by Slack and nothing that this app acts on: acknowledged. */
  | { readonly kind: 'ignored'; readonly type: string };

export type ReadRequest =
  | { readonly ok: true; readonly request: SlackRequest }
  | { readonly ok: false; readonly argument: string; readonly wrong: string };

// Half a surrogate pair has no RFC 8785 JSON, and so no place in the ledger.
const text = z.string().transform((value) => value.toWellFormed());
const slashCommand = z
  .object({
    command: id,
    text: text.default(''),
    team_id: id,
    user_id: id,
    user_name: text.default(''),
    channel_id: id,
    response_url: z.url().optional(),
    trigger_id: text.default(''),
  })
  .transform((body): SlackRequest => {
    const { team_id: teamId, user_id: userId, user_name: userName, channel_id: channelId, response_url: responseUrl } = body;
    const asker = { teamId, userId, userName, channelId, ...(responseUrl === undefined ? {} : { responseUrl }) };
    return { kind: 'command', asker, text: body.text, triggerId: body.trigger_id };
  });

const person = {
  user: z.object({ id, name: text.optional(), username: text.optional(), team_id: text.nullish() }),
  team: z.object({ id }).nullish(),
};

const askerOf = (
  { user, team }: { readonly user: z.infer<typeof person.user>; readonly team?: { readonly id: string } | null | undefined },
  channelId: string | undefined,
  responseUrl: string | undefined,
): Asker => ({
  teamId: team?.id ?? user.team_id ?? '',
  userId: user.id,
  userName: user.username ?? user.name ?? '',
  channelId: channelId ?? user.id,
  ...(responseUrl === undefined ? {} : { responseUrl }),
});

const action = z.object({ type: text, action_id: id, value: text.optional(), action_ts: id });
const blockActions = z
  .object({
    type: z.literal('block_actions'),
    ...person,
    actions: z.tuple([action], action),
    channel: z.object({ id }).optional(),
    response_url: z.url().optional(),
    trigger_id: text.default(''),
  })
  .transform((body): SlackRequest => {
    const [{ type, action_id: actionId, action_ts: actionTs, value }] = body.actions;
    const asker = askerOf(body, body.channel?.id, body.response_url);
    return {
      kind: 'button',
      asker,
      actionId,
      actionTs,
      ...(value === undefined ? {} : { value }),
      triggerId: body.trigger_id,
      isButton: type === 'button',
    };
  });

const view = z.object({ callback_id: text, private_metadata: text.default(''), state: z.unknown().optional() });
const viewSubmission = z.object({ type: z.literal('view_submission'), ...person, view }).transform(
  (body): SlackRequest => ({
    kind: 'form',
    asker: askerOf(body, undefined, undefined),
    callbackId: body.view.callback_id,
    privateMetadata: body.view.private_metadata,
    state: body.view.state,
  }),
);
const viewClosed = z.object({ type: z.literal('view_closed'), ...person, view }).transform((): SlackRequest => ({ kind: 'form-closed' }));

const shortcut = z
  .object({ type: z.literal('shortcut'), ...person, callback_id: id, trigger_id: id })
  .transform((body): SlackRequest => ({ kind: 'shortcut', asker: askerOf(body, undefined, undefined), triggerId: body.trigger_id }));

const urlVerification = z
  .object({ type: z.literal('url_verification'), challenge: text })
  .transform((): SlackRequest => ({ kind: 'url-verification' }));

const homeOpened = z
  .object({
    type: z.literal('event_callback'),
    team_id: id,
    event_id: id,
    event: z.object({ type: z.literal('app_home_opened'), user: id, tab: text.optional() }),
  })
  .transform(({ team_id: teamId, event_id: eventId, event }): SlackRequest => {
    if (event.tab !== undefined && event.tab !== 'home') return { kind: 'ignored', type: `app_home_opened:${event.tab}` };
    return { kind: 'home', asker: { teamId, userId: event.user, userName: '', channelId: event.user }, eventId };
  });

const typed = z.object({ type: text.optional(), command: z.unknown().optional(), event: z.unknown().optional() });
const eventType = z.object({ type: z.literal('app_home_opened') });

const schemaOf = (body: z.infer<typeof typed>): z.ZodType<SlackRequest> | undefined => {
  if (body.type === undefined) return body.command === undefined ? undefined : slashCommand;
  if (body.type === 'event_callback') return eventType.safeParse(body.event).success ? homeOpened : undefined;
  const schemas: Readonly<Record<string, z.ZodType<SlackRequest>>> = {
    block_actions: blockActions,
    view_submission: viewSubmission,
    view_closed: viewClosed,
    shortcut,
    url_verification: urlVerification,
  };
  return Object.hasOwn(schemas, body.type) ? schemas[body.type] : undefined;
};

/** Reads a signed body into one request by kind. A kind that this app does not act on is `ignored`; a known kind of the wrong shape is named by its field. */
export const readRequest = (body: unknown): ReadRequest => {
  const kind = typed.safeParse(body);
  if (!kind.success) return { ok: false, argument: 'body', wrong: 'It is no JSON object of a known type.' };
  const schema = schemaOf(kind.data);
  if (schema === undefined) return { ok: true, request: { kind: 'ignored', type: kind.data.type ?? 'none' } };
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, request: parsed.data };
  const [issue] = parsed.error.issues;
  return { ok: false, argument: issue?.path.join('.') || 'body', wrong: `${issue?.message ?? 'It is not what Slack sends'}.` };
};
