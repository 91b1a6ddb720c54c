import { type Arguments, type Method, type MethodContext, type MethodResult, refuse } from './method.ts';
import { checkView, type ViewContent } from './view-rules.ts';
import type { View } from './workspace.ts';

/** Forms that may lie on top of each other. */
export const viewStackLimit = 3;

/** A view as payloads and answers carry it. */
export const viewJson = (
  view: View,
  { team, bot }: MethodContext['workspace'],
  values: unknown = {},
): Record<string, unknown> => ({
  ...view,
  team_id: team.id,
  app_id: bot.appId,
  app_installed_team_id: team.id,
  bot_id: bot.botId,
  state: { values },
});

/** Puts a form on top of a user's open ones. */
export const pushView = (userId: string, content: ViewContent, { store }: Pick<MethodContext, 'store'>): View => {
  const views = store.views(userId);
  const id = store.nextId('V');
  const view: View = { ...content, id, root_view_id: views[0]?.id ?? id, previous_view_id: views.at(-1)?.id ?? null };
  store.setViews(userId, [...views, view]);
  return view;
};

/** Puts new content in an open form's place. */
export const updateView = (
  userId: string,
  view: View,
  content: ViewContent,
  { store }: Pick<MethodContext, 'store'>,
): View => {
  const next: View = {
    ...content,
    id: view.id,
    root_view_id: view.root_view_id,
    previous_view_id: view.previous_view_id,
  };
  store.setViews(
    userId,
    store.views(userId).map((open) => (open.id === view.id ? next : open)),
  );
  return next;
};

type Opening = { readonly userId: string; readonly content: ViewContent } | { readonly failure: MethodResult };

/** The view is checked before the trigger is spent, as a person who mends it would hope. */
const opening = (args: Arguments, context: MethodContext): Opening => {
  const checked = checkView(args.json('view'), 'modal', context.store.nextId);
  if (!checked.ok) return { failure: refuse('invalid_arguments', checked.messages) };
  const trigger = context.tickets.redeemTrigger(args.text('trigger_id') ?? '');
  return 'error' in trigger ? { failure: refuse(trigger.error) } : { userId: trigger.userId, content: checked.content };
};

export const viewsOpen: Method = (args, context) => {
  const opened = opening(args, context);
  if ('failure' in opened) return opened.failure;
  context.store.setViews(opened.userId, []);
  return { ok: true, view: viewJson(pushView(opened.userId, opened.content, context), context.workspace) };
};

export const viewsPush: Method = (args, context) => {
  const opened = opening(args, context);
  if ('failure' in opened) return opened.failure;
  if (context.store.views(opened.userId).length >= viewStackLimit) return refuse('push_limit_reached');
  return { ok: true, view: viewJson(pushView(opened.userId, opened.content, context), context.workspace) };
};

export const viewsUpdate: Method = (args, context) => {
  const viewId = args.text('view_id');
  const externalId = args.text('external_id');
  const found = context.store.findView(
    (view) =>
      view.type === 'modal' && (view.id === viewId || (externalId !== undefined && view.external_id === externalId)),
  );
  if (found === undefined) return refuse('not_found');
  const hash = args.text('hash');
  if (hash !== undefined && hash !== found.view.hash) return refuse('hash_conflict');
  const checked = checkView(args.json('view'), 'modal', context.store.nextId);
  if (!checked.ok) return refuse('invalid_arguments', checked.messages);
  return {
    ok: true,
    view: viewJson(updateView(found.userId, found.view, checked.content, context), context.workspace),
  };
};

export const viewsPublish: Method = (args, context) => {
  const user = context.workspace.users.find(({ id }) => id === args.text('user_id'));
  if (user === undefined) return refuse('user_not_found');
  const checked = checkView(args.json('view'), 'home', context.store.nextId);
  if (!checked.ok) return refuse('invalid_arguments', checked.messages);
  const before = context.store.home(user.id);
  const hash = args.text('hash');
  if (hash !== undefined && before !== undefined && hash !== before.hash) return refuse('hash_conflict');
  const id = before?.id ?? context.store.nextId('V');
  const view: View = { ...checked.content, id, root_view_id: id, previous_view_id: null };
  context.store.setHome(user.id, view);
  return { ok: true, view: viewJson(view, context.workspace) };
};
