import { describe, expect, it } from 'vitest';
import { understand, understandLine } from '../../lib/core/grammar/grammar.ts';
import type { Syntax } from '../../lib/core/grammar/row.ts';
import { slashCommand, type TypedVerb, table, typedVerbs } from '../../lib/core/grammar/table.ts';
import { slackLimits } from '../../lib/core/limits/limits.ts';
import { helpMessage, usageOf } from '../../lib/messages/help-message.ts';

const rowOf = (verb: TypedVerb): Syntax => table[verb];
const textOf = (message: ReturnType<typeof helpMessage>): string => JSON.stringify(message.blocks);

describe('the command table', () => {
  it.each(typedVerbs)('%s has an example that the grammar understands as it', (verb) => {
    const understood = understand(table[verb].example);
    const { example, form } = table[verb];
    // A verb whose form alone holds what it needs has no other command line.
    if (form !== undefined && example === verb) expect(understood).toEqual({ kind: 'form', form });
    else expect(understood).toMatchObject({ kind: 'command', command: { verb }, text: example });
  });

  it.each(typedVerbs)('%s gives every option that takes a value an example', (verb) => {
    for (const option of table[verb].options)
      expect(option.placeholder === undefined).toBe(option.example === undefined);
  });
});

describe('help', () => {
  it('shows every verb with its summary and an example', () => {
    const shown = textOf(helpMessage());
    for (const verb of typedVerbs) {
      expect(shown).toContain(table[verb].summary);
      expect(shown).toContain(`\`${slashCommand} ${table[verb].example}\``);
    }
  });

  it.each(typedVerbs)('%s: usage, every option, an example', (verb) => {
    const shown = textOf(helpMessage(verb));
    const shownOptions = [...shown.matchAll(/--([a-z][a-z-]*)/g)].map(([, name]) => name);
    for (const { name, refused } of rowOf(verb).options)
      expect([name, shownOptions.includes(name)]).toEqual([name, !refused]);
    expect(shown).toContain(`\`${slashCommand} ${table[verb].example}\``);
  });

  it('writes usage with what may be left out in brackets', () => {
    expect(usageOf(table.history)).toBe(
      'history [<hostname>] [--since 7d] [--by @user] [--target IP] [--export] [--verify] [--page N] [--share]',
    );
    expect(usageOf(table.add)).toMatch(/^add <hostname> <target>… \[--standby target…\] \[--port 25\]/);
  });

  it('falls back to the overview for a verb that it does not know', () => {
    expect(helpMessage('frobnicate')).toEqual(helpMessage());
  });

  it.each([undefined, ...typedVerbs])("stays within Slack's limits, on every screen (%s)", (verb) => {
    const { text, blocks } = helpMessage(verb);
    expect(text.length).toBeGreaterThan(20);
    expect(blocks.length).toBeLessThanOrEqual(slackLimits.blocksPerMessage);
    expect(JSON.stringify(blocks).length).toBeLessThan(slackLimits.messageCharacters);
    for (const block of blocks)
      if (block.type === 'section') expect(block.text?.text.length).toBeLessThanOrEqual(slackLimits.sectionText);
  });

  it('has buttons that do what their command lines say', () => {
    for (const block of helpMessage().blocks) {
      if (block.type !== 'actions') continue;
      const ids = block.elements.map((element) => ('action_id' in element ? element.action_id : undefined));
      expect(new Set(ids).size).toBe(ids.length);
      for (const element of block.elements) {
        if (element.type !== 'button' || element.value === undefined) continue;
        const { text } = JSON.parse(element.value) as { text: string };
        expect(understandLine(text).kind).toBe('command');
      }
    }
  });
});
