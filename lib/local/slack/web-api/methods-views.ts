import { checkView } from '../blocks/view-rules.ts';
import type { View } from '../store/workspace.ts';
import { type Method, type MethodContext, refuse } from './method.ts';

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

/** The view is checked before the trigger is spent, as a person who mends it would hope. An open form gives way. */
export const viewsOpen: Method = (args, { store, tickets, workspace }) => {
  const checked = checkView(args.json('view'), 'modal', store.nextId);
  if (!checked.ok) return refuse('invalid_arguments', checked.messages);
  const trigger = tickets.redeemTrigger(args.text('trigger_id') ?? '');
  if ('error' in trigger) return refuse(trigger.error);
  const view = { ...checked.content, id: store.nextId('V') };
  store.setViews(trigger.userId, [view]);
  return { ok: true, view: viewJson(view, workspace) };
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
  const view: View = { ...checked.content, id };
  context.store.setHome(user.id, view);
  return { ok: true, view: viewJson(view, context.workspace) };
};
