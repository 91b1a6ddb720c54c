import type { App } from '@slack/bolt';
import { slashCommand } from '../core/grammar/table.ts';
import { answerForm } from './answer-form.ts';
import { answerButton, answerCommand, answerHome, answerMention, answerShortcut } from './answers.ts';
import type { FrontPorts, Incoming, IncomingOf } from './front-ports.ts';

const isOf = <Kind extends Incoming['request']['kind']>(incoming: Incoming, kind: Kind): incoming is IncomingOf<Kind> =>
  incoming.request.kind === kind;

/**
 * Registers what answers each kind of request. `incomingOf` gives the request that belongs to a body, and throws for a body that was not verified.
 * Bolt calls a listener only if its name or pattern fits; buttons and shortcuts are matched whatever their ids are, since an unknown one is answered in
 * words.
 */
export const addRoutes = (app: App, ports: FrontPorts, incomingOf: (body: object) => Incoming): void => {
  const requestOf = <Kind extends Incoming['request']['kind']>(body: object, kind: Kind): IncomingOf<Kind> => {
    const incoming = incomingOf(body);
    if (isOf(incoming, kind)) return incoming;
    throw new Error(`Bolt routed a ${incoming.request.kind} as a ${kind}`);
  };

  app.command(slashCommand, async ({ body, ack }) => {
    const message = await answerCommand(ports, requestOf(body, 'command'));
    await ack(message && { response_type: 'ephemeral', text: message.text, blocks: [...message.blocks] });
  });
  app.action(/^/, async ({ body, ack }) => {
    await ack();
    await answerButton(ports, requestOf(body, 'button'));
  });
  app.shortcut(/^/, async ({ body, ack }) => {
    await ack();
    await answerShortcut(ports, requestOf(body, 'shortcut'));
  });
  app.view(/^(?:add|import)$/, async ({ body, ack }) => ack(await answerForm(ports, requestOf(body, 'form'))));
  app.view({ callback_id: /^(?:add|import)$/, type: 'view_closed' }, ({ ack }) => ack());
  app.event('app_mention', ({ body }) => answerMention(ports, requestOf(body, 'mention')));
  app.event('app_home_opened', ({ body }) => answerHome(ports, requestOf(body, 'home')));
};
