import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  channelReference,
  idOfMention,
  isSlackId,
  type SlackIdKind,
  slackIdKindOf,
  withoutMentions,
} from '../../../lib/core/base/slack-ids.ts';
import { understand } from '../../../lib/core/grammar/grammar.ts';
import { ownerText } from '../../../lib/messages/owner-text.ts';
import { plainRefusal } from '../../../lib/messages/refused-message.ts';

const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const rest = fc.string({ unit: fc.constantFrom(...upper, ...'0123456789'), minLength: 7, maxLength: 10 });
const kinds = {
  workspace: 'T',
  enterprise: 'E',
  channel: 'CG',
  directMessage: 'D',
  user: 'UW',
  userGroup: 'S',
  file: 'F',
} as const satisfies Record<SlackIdKind, string>;
const idOf = (kind: SlackIdKind) =>
  fc.tuple(fc.constantFrom(...kinds[kind]), rest).map(([letter, more]) => `${letter}0${more}`);
const mentionOf = {
  user: (id: string, name: string) => `<@${id}${name}>`,
  channel: (id: string, name: string) => `<#${id}${name}>`,
  userGroup: (id: string, name: string) => `<!subteam^${id}${name}>`,
} as const;
const mentionKind = fc.constantFrom('user', 'channel', 'userGroup');
const name = fc.constantFrom('', '|', '|li', '|mail-oncall', '|Li Wang', '|Wang, Li', '|@mail team');
const mentioned = mentionKind.chain((kind) =>
  fc
    .tuple(idOf(kind), name)
    .map(([id, label]) => ({ kind, id, label: label.slice(1), text: mentionOf[kind](id, label) })),
);
const word = fc.string({ unit: fc.constantFrom(...upper), minLength: 2, maxLength: 14 });

const read = (text: string): unknown => {
  const understood = understand(text);
  return understood.kind === 'command' ? understood.command : understood;
};
const line = 'add gitlab.corp.internal 10.0.4.12';

describe('an id', () => {
  test.each(Object.keys(kinds) as SlackIdKind[])('of the kind %s is of no other kind', (kind) =>
    fc.assert(
      fc.property(idOf(kind), (id) => {
        const fits = (Object.keys(kinds) as SlackIdKind[]).filter((one) => isSlackId(one, id));
        expect(fits).toEqual([kind]);
      }),
    ),
  );

  it('is not a word in capitals, whatever its first letter is and however long it is', async () => {
    await fc.assert(
      fc.property(word, (text) => {
        expect(slackIdKindOf(text)).toBeUndefined();
        expect(ownerText(text)).toBe(`\`${text}\``);
        for (const said of [text, `#${text}`]) expect(plainRefusal([`No ${said} here.`]).text).toBe(`No ${said} here.`);
      }),
    );
  });

  it('of a channel is a link in a refusal only where the sentence refers to the channel', async () => {
    await fc.assert(
      fc.property(idOf('channel'), (id) => {
        expect(plainRefusal([`Use ${channelReference(id)}.`]).text).toBe(`Use <#${id}>.`);
        expect(plainRefusal([`There is no ${id}.`]).text).toBe(`There is no ${id}.`);
      }),
    );
  });
});

describe('a mention', () => {
  it('is the id for an argument that names somebody, with or without a name and quotes', async () => {
    await fc.assert(
      fc.property(mentioned, fc.constantFrom('', '"'), ({ id, text }, quote) => {
        expect(read(`${line} --owner ${quote}${text}${quote}`)).toMatchObject({ definition: { owner: id } });
        expect(read(`${line} --owner=${text} --port 25`)).toMatchObject({ definition: { owner: id, port: '25' } });
        expect(read(`history --by ${text}`)).toMatchObject({ by: id });
        expect(idOfMention(text)).toBe(id);
      }),
    );
  });

  it('is what people saw for every other argument', async () => {
    await fc.assert(
      fc.property(mentioned, ({ kind, id, label, text }) => {
        const mark = kind === 'channel' ? '#' : '@';
        const seen = label === '' ? id : `${label.startsWith('@') ? '' : mark}${label}`;
        expect(read(`${line} --note "ask ${text} first"`)).toMatchObject({ definition: { note: `ask ${seen} first` } });
        expect(read(`${line} --name ${text}`)).toMatchObject({ definition: { name: seen } });
        expect(read(`mute gitlab.corp.internal 2h --reason ${text}`)).toMatchObject({ reason: seen });
        expect(read(`explain lost ${text}`)).toMatchObject({ text: `lost ${seen}` });
        expect(withoutMentions(text)).not.toContain('<');
      }),
    );
  });

  it('of somebody among other words is a name there too', () => {
    expect(read(`${line} --owner "<@U0LI|li> and <@U0MARIA|maria>"`)).toMatchObject({
      definition: { owner: '@li and @maria' },
    });
  });
});
