import * as z from 'zod/mini';
import '../core/base/zod-locale.ts';

const id = z.string().check(z.minLength(1), z.maxLength(255));

/** Who asked, and where an answer reaches them. `channelId` is the person's own id where there is no channel: their direct messages. */
export type Asker = {
  /** The person's own workspace or organisation; empty where Slack did not say. */
  readonly teamId: string;
  readonly enterpriseId?: string;
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
  | {
      readonly kind: 'form';
      readonly asker: Asker;
      readonly callbackId: string;
      readonly privateMetadata: string;
      readonly state: unknown;
    }
  | { readonly kind: 'form-closed' }
  | { readonly kind: 'shortcut'; readonly asker: Asker; readonly triggerId: string }
  | { readonly kind: 'home'; readonly asker: Asker; readonly eventId: string }
  | {
      readonly kind: 'mention';
      readonly asker: Asker;
      readonly eventId: string;
      /** What was said, without the mention of the bot. */
      readonly text: string;
      readonly ts: string;
      readonly threadTs?: string;
    }
  | { readonly kind: 'url-verification'; readonly challenge: string }
  /** Signed by Slack and nothing that this app acts on: acknowledged. */
  | { readonly kind: 'ignored'; readonly type: string };

export type ReadRequest =
  /** `body` is what the request was read of. */
  | { readonly ok: true; readonly request: SlackRequest; readonly body: object }
  | { readonly ok: false; readonly argument: string; readonly wrong: string };

// Half a surrogate pair has no RFC 8785 JSON, and so no place in the ledger.
const text = z.pipe(
  z.string(),
  z.transform((value) => value.toWellFormed()),
);

const reading = <Body>(
  schema: z.ZodMiniType<Body>,
  toRequest: (body: Body) => SlackRequest,
): z.ZodMiniType<SlackRequest> => z.pipe(schema, z.transform(toRequest));

const slashCommand = reading(
  z.object({
    command: id,
    text: z._default(text, ''),
    team_id: id,
    enterprise_id: z.nullish(text),
    user_id: id,
    user_name: z._default(text, ''),
    channel_id: id,
    response_url: z.optional(z.url()),
    trigger_id: z._default(text, ''),
  }),
  (body) => {
    const {
      team_id: teamId,
      user_id: userId,
      user_name: userName,
      channel_id: channelId,
      response_url: responseUrl,
    } = body;
    const asker = {
      teamId,
      ...(body.enterprise_id ? { enterpriseId: body.enterprise_id } : {}),
      userId,
      userName,
      channelId,
      ...(responseUrl === undefined ? {} : { responseUrl }),
    };
    return { kind: 'command', asker, text: body.text, triggerId: body.trigger_id };
  },
);

const person = {
  user: z.object({ id, name: z.optional(text), username: z.optional(text), team_id: z.nullish(text) }),
  team: z.nullish(z.object({ id, enterprise_id: z.nullish(text) })),
  enterprise: z.nullish(z.object({ id })),
};
type Person = { readonly [Key in keyof typeof person]?: z.infer<(typeof person)[Key]> } & {
  readonly user: z.infer<typeof person.user>;
};

/**
 * Who pressed or submitted something. `team` and `enterprise` are the installation's; in a channel that is shared with another company the person belongs
 * elsewhere. So their workspace is `user.team_id` alone, and the organisation is theirs only where that is the installation's own workspace.
 */
const askerOf = (
  { user, team, enterprise }: Person,
  channelId: string | undefined,
  responseUrl: string | undefined,
): Asker => {
  const teamId = user.team_id ?? '';
  const enterpriseId = teamId === team?.id ? (team.enterprise_id ?? enterprise?.id) : undefined;
  return {
    teamId,
    ...(enterpriseId ? { enterpriseId } : {}),
    userId: user.id,
    userName: user.username ?? user.name ?? '',
    channelId: channelId ?? user.id,
    ...(responseUrl === undefined ? {} : { responseUrl }),
  };
};

const action = z.object({ type: text, action_id: id, value: z.optional(text), action_ts: id });
const blockActions = reading(
  z.object({
    type: z.literal('block_actions'),
    ...person,
    actions: z.tuple([action], action),
    channel: z.optional(z.object({ id })),
    response_url: z.optional(z.url()),
    trigger_id: z._default(text, ''),
  }),
  (body) => {
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
  },
);

const view = z.object({ callback_id: text, private_metadata: z._default(text, ''), state: z.optional(z.unknown()) });
const viewSubmission = reading(z.object({ type: z.literal('view_submission'), ...person, view }), (body) => ({
  kind: 'form',
  asker: askerOf(body, undefined, undefined),
  callbackId: body.view.callback_id,
  privateMetadata: body.view.private_metadata,
  state: body.view.state,
}));
const viewClosed = reading(z.object({ type: z.literal('view_closed'), ...person, view }), () => ({
  kind: 'form-closed',
}));

const shortcut = reading(
  z.object({ type: z.literal('shortcut'), ...person, callback_id: id, trigger_id: id }),
  (body) => ({ kind: 'shortcut', asker: askerOf(body, undefined, undefined), triggerId: body.trigger_id }),
);

const urlVerification = reading(
  z.object({ type: z.literal('url_verification'), challenge: text }),
  ({ challenge }) => ({
    kind: 'url-verification',
    challenge,
  }),
);

const homeOpened = reading(
  z.object({
    type: z.literal('event_callback'),
    team_id: id,
    enterprise_id: z.nullish(text),
    event_id: id,
    is_ext_shared_channel: z.optional(z.boolean()),
    event: z.object({
      type: z.literal('app_home_opened'),
      user: id,
      tab: z.optional(text),
      view: z.optional(z.object({ team_id: z.nullish(text) })),
    }),
  }),
  (body) => {
    const { event, event_id: eventId } = body;
    if (event.tab !== undefined && event.tab !== 'home')
      return { kind: 'ignored', type: `app_home_opened:${event.tab}` };
    // The event names where it happened; the view, where there is one, the person's workspace or organisation.
    const personsTeam = event.view?.team_id ?? body.team_id;
    const isElsewhere =
      body.is_ext_shared_channel === true || (personsTeam !== body.team_id && personsTeam !== body.enterprise_id);
    const asker = {
      teamId: isElsewhere ? '' : body.team_id,
      ...(isElsewhere || !body.enterprise_id ? {} : { enterpriseId: body.enterprise_id }),
      userId: event.user,
      userName: '',
      channelId: event.user,
    };
    return { kind: 'home', asker, eventId };
  },
);

const longestMention = 1_000;
const firstMention = /^\s*<@[A-Z0-9]+(?:\|[^<>]*)?>[\s:,]*/;

const appMention = reading(
  z.object({
    type: z.literal('event_callback'),
    team_id: id,
    enterprise_id: z.nullish(text),
    event_id: id,
    is_ext_shared_channel: z.optional(z.boolean()),
    event: z.object({
      type: z.literal('app_mention'),
      user: z.optional(id),
      team: z.nullish(text),
      text: z._default(text, ''),
      ts: id,
      thread_ts: z.optional(id),
      channel: id,
      bot_id: z.nullish(text),
      subtype: z.nullish(text),
      edited: z.optional(z.unknown()),
    }),
  }),
  (body) => {
    const { event, event_id: eventId } = body;
    const { user, ts, thread_ts: threadTs } = event;
    // Bots could answer each other without end; an edit would ask again what was answered; and a shared channel has people of others in it.
    const isBot = user === undefined || Boolean(event.bot_id) || Boolean(event.subtype);
    const isElsewhere = event.team ? event.team !== body.team_id : body.is_ext_shared_channel === true;
    if (isBot || event.edited || isElsewhere) return { kind: 'ignored', type: 'app_mention' };
    const asker = {
      teamId: body.team_id,
      ...(body.enterprise_id ? { enterpriseId: body.enterprise_id } : {}),
      userId: user,
      userName: '',
      channelId: event.channel,
    };
    const said = event.text.replace(firstMention, '').slice(0, longestMention).toWellFormed();
    return { kind: 'mention', asker, eventId, text: said, ts, ...(threadTs === undefined ? {} : { threadTs }) };
  },
);

const typed = z.object({ type: z.optional(text), command: z.optional(z.unknown()), event: z.optional(z.unknown()) });
const eventType = z.object({ type: z.enum(['app_home_opened', 'app_mention']) });
const eventSchemas = { app_home_opened: homeOpened, app_mention: appMention } as const;

const schemaOf = (body: z.infer<typeof typed>): z.ZodMiniType<SlackRequest> | undefined => {
  if (body.type === undefined) return body.command === undefined ? undefined : slashCommand;
  if (body.type === 'event_callback') {
    const event = eventType.safeParse(body.event);
    return event.success ? eventSchemas[event.data.type] : undefined;
  }
  const schemas: Readonly<Record<string, z.ZodMiniType<SlackRequest>>> = {
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
  if (!kind.success || typeof body !== 'object' || body === null)
    return { ok: false, argument: 'body', wrong: 'It is not a JSON object of a known type.' };
  const schema = schemaOf(kind.data);
  if (schema === undefined) return { ok: true, body, request: { kind: 'ignored', type: kind.data.type ?? 'none' } };
  const parsed = schema.safeParse(body);
  if (parsed.success) return { ok: true, body, request: parsed.data };
  const [issue] = parsed.error.issues;
  return {
    ok: false,
    argument: issue?.path.join('.') || 'body',
    wrong: `${issue?.message ?? 'It is not what Slack sends'}.`,
  };
};
