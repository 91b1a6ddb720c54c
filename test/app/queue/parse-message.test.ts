import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../../lib/app/queue/parse-message.ts';
import { understandLine } from '../../../lib/core/grammar/grammar.ts';
import { table, typedVerbs } from '../../../lib/core/grammar/table.ts';

const message = {
  kind: 'command',
  requestId: 'request-1',
  receivedAt: '2026-03-02T14:02:00.000Z',
  actor: { teamId: 'T1', userId: 'U1', userName: 'maria', channelId: 'C1' },
  replyTo: { channelId: 'C1', userId: 'U1', responseUrl: 'https://hooks.slack.com/x' },
  text: 'whoami',
  command: { verb: 'whoami' },
  replaceOriginal: false,
};

describe('parseMessage', () => {
  // Where the example opens a form, the form is what makes the command.
  const commandVerbs = typedVerbs.filter((verb) => understandLine(table[verb].example).kind !== 'form');

  it.each(commandVerbs)('reads back what the grammar makes of %s', (verb) => {
    const understood = understandLine(table[verb].example);
    if (understood.kind !== 'command') throw new Error('the example is not understood');
    const sent = { ...message, command: understood.command, text: understood.text };
    expect(parseMessage(JSON.stringify(sent))).toEqual({ ok: true, message: sent });
  });

  it.each([
    { kind: 'resume', hostname: 'a.corp', changeId: 'c1' },
    { kind: 'announce', hostname: 'a.corp', changeId: 'c1' },
    { ...message, command: { verb: 'home' } },
    { ...message, replyTo: { channelId: 'C1', userId: 'U1' } },
  ])('reads %j', (sent) => expect(parseMessage(JSON.stringify(sent))).toEqual({ ok: true, message: sent }));

  it.each([
    ['no JSON', '{', 'body: not JSON'],
    ['no object', '7', 'body: '],
    ['an unknown kind', JSON.stringify({ ...message, kind: 'drop' }), 'kind: '],
    ['an unknown verb', JSON.stringify({ ...message, command: { verb: 'drop' } }), 'command.verb: '],
    ['a page of 0', JSON.stringify({ ...message, command: { verb: 'list', page: 0, share: false } }), 'command.page: '],
    ['no actor', JSON.stringify({ ...message, actor: undefined }), 'actor: '],
    ['a time that is none', JSON.stringify({ ...message, receivedAt: 'now' }), 'receivedAt: '],
    ['a member too many', JSON.stringify({ ...message, secret: 'hunter2' }), 'body: '],
  ])('names the fields at fault and no value: %s', (_, body, reason) => {
    const parsed = parseMessage(body);
    expect(parsed).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });
});
