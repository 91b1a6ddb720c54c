import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DefinitionInput } from '../../../lib/core/endpoint/definition.ts';
import type { Command } from '../../../lib/core/grammar/command.ts';
import { longestCommandText, understand, understandLine } from '../../../lib/core/grammar/grammar.ts';

const add = (definition: Partial<DefinitionInput> = {}, dryRun = false): Command => ({
  verb: 'add',
  definition: { hostname: 'gitlab.corp.internal', targets: ['10.0.4.12'], ...definition },
  dryRun,
});
const plain = 'add gitlab.corp.internal 10.0.4.12';

describe('understand: commands', () => {
  it.each<[why: string, text: string, command: Command]>([
    ['a plain line', plain, add()],
    ['any case of the verb', 'ADD gitlab.corp.internal 10.0.4.12', add()],
    ['spaces, tabs and newlines', '  add\n gitlab.corp.internal \t 10.0.4.12\r\n', add()],
    ['no-break spaces', 'add\u00a0gitlab.corp.internal\u202f10.0.4.12', add()],
    [
      'zero-width characters and direction marks',
      '\ufeffadd \u200bgitlab.corp.\u2060internal \u202a10.0.4.12\u202c',
      add(),
    ],
    ['the slash command pasted along', '/postal-endpoint add gitlab.corp.internal 10.0.4.12', add()],
    ['an arrow, as the answers write it', 'add gitlab.corp.internal → 10.0.4.12', add()],
    ['several targets', `${plain} 10.0.4.13`, add({ targets: ['10.0.4.12', '10.0.4.13'] })],
    [
      'commas between targets',
      'add gitlab.corp.internal 10.0.4.12,10.0.4.13, 10.0.4.14 ,10.0.4.15',
      add({ targets: ['10.0.4.12', '10.0.4.13', '10.0.4.14', '10.0.4.15'] }),
    ],
    ['--key value', `${plain} --port 25 --ssl-mode Auto --ttl 60`, add({ port: '25', sslMode: 'Auto', ttl: '60' })],
    ['--key=value', `${plain} --port=25`, add({ port: '25' })],
    ['key=value', `${plain} port=25 ssl-mode=TLS`, add({ port: '25', sslMode: 'TLS' })],
    ['named positionals', 'add target=10.0.4.12 hostname=gitlab.corp.internal', add()],
    ['an em dash for two hyphens', `${plain} —port 25 —ssl-mode Auto`, add({ port: '25', sslMode: 'Auto' })],
    [
      'en dash, minus, and a dash beside a hyphen',
      `${plain} –port 25 −ttl 60 —-ssl-mode=TLS`,
      add({ port: '25', ttl: '60', sslMode: 'TLS' }),
    ],
    ['one hyphen', `${plain} -port 25`, add({ port: '25' })],
    ['any case and underscores in options', `${plain} --SSL_Mode auto`, add({ sslMode: 'auto' })],
    [
      'options before positionals',
      'add --port 25 --ssl-mode Auto gitlab.corp.internal 10.0.4.12',
      add({ port: '25', sslMode: 'Auto' }),
    ],
    ['options between positionals', 'add gitlab.corp.internal --port 25 10.0.4.12', add({ port: '25' })],
    ['a switch', `${plain} --dry-run`, add({}, true)],
    ['a switch with a word', `${plain} --dry-run=yes`, add({}, true)],
    ['a switch turned off', `${plain} --dry-run=no`, add()],
    ['a switch denied', `${plain} --no-dry-run`, add()],
    ['standby to the end', `${plain} --standby 10.0.5.1 10.0.5.2`, add({ standby: ['10.0.5.1', '10.0.5.2'] })],
    [
      'standby before the positionals',
      'add --standby 10.0.5.1, 10.0.5.2 gitlab.corp.internal 10.0.4.12',
      add({ standby: ['10.0.5.1', '10.0.5.2'] }),
    ],
    [
      'standby given twice',
      `${plain} --standby 10.0.5.1 --port 25 --standby 10.0.5.2`,
      add({ standby: ['10.0.5.1', '10.0.5.2'], port: '25' }),
    ],
    ['straight quotes', `${plain} --note "incoming mail, all of it"`, add({ note: 'incoming mail, all of it' })],
    ['smart quotes', `${plain} --note “incoming mail”`, add({ note: 'incoming mail' })],
    ['quotes of two kinds', `${plain} --note “incoming mail"`, add({ note: 'incoming mail' })],
    [
      'low and angled quotes',
      `${plain} --name „Git Lab“ --note «à vérifier»`,
      add({ name: 'Git Lab', note: 'à vérifier' }),
    ],
    ['single quotes with an apostrophe inside', `${plain} --note 'don't touch'`, add({ note: "don't touch" })],
    ['quotes after =', `${plain} note="incoming mail" --port=25`, add({ note: 'incoming mail', port: '25' })],
    ['escaped quotes', `${plain} --note "say \\"hi\\""`, add({ note: 'say "hi"' })],
    ['options in quotes are text', `${plain} --note "--port 25"`, add({ note: '--port 25' })],
    [
      'a name without quotes',
      `${plain} --name GitLab inbound, prod --port 25`,
      add({ name: 'GitLab inbound, prod', port: '25' }),
    ],
    ['an equals sign inside a note', `${plain} --note see a=b`, add({ note: 'see a=b' })],
    ['a linked hostname', 'add <http://gitlab.corp.internal|gitlab.corp.internal> 10.0.4.12', add()],
    ['a linked hostname without label', 'add <http://gitlab.corp.internal> 10.0.4.12', add()],
    ['a pasted address bar', 'add https://gitlab.corp.internal/ 10.0.4.12', add()],
    ['a phone number that is an address', 'add gitlab.corp.internal <tel:10.0.4.12|10.0.4.12>', add()],
    [
      'an mail address',
      `${plain} --owner <mailto:maria@example.com|maria@example.com>`,
      add({ owner: 'maria@example.com' }),
    ],
    ['a person', `${plain} --owner <@U123ABC|maria>`, add({ owner: 'U123ABC' })],
    ['a user group', `${plain} --owner <!subteam^S123ABC|@mail-team>`, add({ owner: 'S123ABC' })],
    ['a channel', `${plain} --note "ask in <#C123ABC|mail>"`, add({ note: 'ask in #mail' })],
    ['mentions of everyone, for the rules to refuse', `${plain} --note <!channel>`, add({ note: '<!channel>' })],
    ['entities, once', `${plain} --note "a &amp;lt; b &lt;c&gt;"`, add({ note: 'a &lt; b <c>' })],
    ['punycode on a phone', 'add xn—80a1acny.corp.internal 10.0.4.12', add({ hostname: 'xn--80a1acny.corp.internal' })],
    [
      'a hostname with a hyphen in front, for the rules to refuse',
      'add -x.corp.internal 10.0.4.12',
      add({ hostname: '-x.corp.internal' }),
    ],
    ['values for the rules to refuse', `${plain} --port -1 --ttl 25.5`, add({ port: '-1', ttl: '25.5' })],
    ['the same value twice', `${plain} --port 25 --port 25`, add({ port: '25' })],
    ['show', 'show gitlab.corp.internal --share', { verb: 'show', hostname: 'gitlab.corp.internal', share: true }],
    ['list', 'list', { verb: 'list', page: 1, share: false }],
    [
      'list with everything',
      'list --target 10.0.4.12 --unregistered --at "2026-11-20 14:30" --page 2 --share',
      { verb: 'list', target: '10.0.4.12', unregistered: true, at: '2026-11-20 14:30', page: 2, share: true },
    ],
    [
      'check',
      'check gitlab.corp.internal --port 465 --ssl-mode TLS',
      { verb: 'check', hostname: 'gitlab.corp.internal', port: '465', sslMode: 'TLS', deliver: false, share: false },
    ],
    ['history', 'history', { verb: 'history', page: 1, share: false }],
    [
      'history of a person',
      'history --by <@U123ABC|maria> --since 7d',
      { verb: 'history', since: '7d', by: 'U123ABC', page: 1, share: false },
    ],
    [
      'history of a name',
      'history gitlab.corp.internal page=3',
      { verb: 'history', hostname: 'gitlab.corp.internal', page: 3, share: false },
    ],
    ['status', 'status', { verb: 'status', share: false }],
    ['whoami', 'WhoAmI', { verb: 'whoami' }],
  ])('takes %s', (_, text, command) => {
    const understood = understand(text);
    expect(understood).toMatchObject({ kind: 'command' });
    if (understood.kind !== 'command') return;
    expect(understood.command).toEqual(command);
    expect(understandLine(understood.text)).toEqual(understood);
  });

  it('echoes a line in its normal form', () => {
    const understood = understand(
      'ADD —port=25 <http://gitlab.corp.internal|gitlab.corp.internal> 10.0.4.12,10.0.4.13 name=“Git Lab” -dry-run',
    );
    expect(understood).toMatchObject({
      text: 'add gitlab.corp.internal 10.0.4.12 10.0.4.13 --port 25 --name "Git Lab" --dry-run',
    });
  });
});

describe('understand: help and form', () => {
  it.each([
    ['', { kind: 'help' }],
    [' \u200b ', { kind: 'help' }],
    ['help', { kind: 'help' }],
    ['?', { kind: 'help' }],
    ['--help', { kind: 'help' }],
    ['help add', { kind: 'help', verb: 'add' }],
    ['help ADD', { kind: 'help', verb: 'add' }],
    ['add --help', { kind: 'help', verb: 'add' }],
    ['add -h', { kind: 'help', verb: 'add' }],
    ['show —help', { kind: 'help', verb: 'show' }],
    ['check help', { kind: 'help', verb: 'check' }],
    ['add', { kind: 'form', form: 'add' }],
  ])('%j', (text, expected) => expect(understand(text)).toEqual(expected));
});

describe('understand: mistakes', () => {
  it.each<[text: string, args: string[], suggestion: string | undefined]>([
    ['ad gitlab.corp.internal 10.0.4.12', ['verb'], plain],
    ['lsit', ['verb'], 'list'],
    ['stat', ['verb'], 'status'],
    ['hlep', ['verb'], 'help'],
    ['hlep check', ['verb'], 'help check'],
    ['ad', ['verb'], 'add'],
    ['frobnicate', ['verb'], undefined],
    ['gitlab.corp.internal 10.0.4.12', ['verb'], undefined],
    ['help chekc', ['verb'], 'help check'],
    ['help frobnicate', ['verb'], undefined],
    [`${plain} --prot 25`, ['prot'], `${plain} --port 25`],
    [`${plain} —sslmod TLS`, ['sslmod'], `${plain} --ssl-mode TLS`],
    [`${plain} prot=25`, ['prot'], `${plain} --port 25`],
    [`${plain} --frobnicate 25`, ['frobnicate'], undefined],
    [`ad gitlab.corp.internal 10.0.4.12 --prot 25`, ['verb', 'prot'], `${plain} --port 25`],
    ['show gitlab.corp.internal --port 25', ['port'], undefined],
    ['status --frobnicate', ['frobnicate'], undefined],
    [`${plain} --port`, ['port'], undefined],
    [`${plain} --port --ttl 60`, ['port'], undefined],
    [`${plain} --port 25 --port 26`, ['port'], undefined],
    [`${plain} --dry-run=perhaps`, ['dry-run'], undefined],
    ['add gitlab.corp.internal', ['target'], undefined],
    ['add --port 25', ['hostname', 'target'], undefined],
    ['show', ['hostname'], undefined],
    ['show a.corp.internal b.corp.internal', ['hostname'], undefined],
    ['whoami please', ['whoami'], undefined],
    ['list --page 0', ['page'], undefined],
    ['list --page two', ['page'], undefined],
    [`${plain} --note "never closed`, ['note'], `${plain} --note "never closed"`],
    [`${plain} --note “never closed —port 25`, ['note'], `${plain} --port 25 --note "never closed"`],
    [`${plain} note='never`, ['note'], `${plain} --note never`],
    ['add --prot 25 --ttl', ['prot', 'ttl', 'hostname', 'target'], undefined],
  ])('%j', (text, args, suggestion) => {
    const understood = understand(text);
    expect(understood.kind).toBe('mistaken');
    if (understood.kind !== 'mistaken') return;
    expect(understood.problems.map((problem) => problem.argument)).toEqual(args);
    expect(understood.suggestion).toBe(suggestion);
    if (suggestion !== undefined) expect(understandLine(suggestion).kind).not.toBe('mistaken');
  });

  it('says how long a text may be', () => {
    expect(understand(`add ${'a'.repeat(longestCommandText)}`)).toMatchObject({
      kind: 'mistaken',
      problems: [
        { argument: 'command', wrong: expect.stringContaining('4004'), right: expect.stringContaining('4000') },
      ],
    });
    expect(understand('&amp;'.repeat(1000)).kind).toBe('mistaken');
    expect(understand(`note ${'x'.repeat(1_000_000)}`)).toMatchObject({ problems: [{ argument: 'command' }] });
  });

  it('suggests the verb nearest, and none for what resembles nothing', () => {
    expect(understand('lst')).toMatchObject({ suggestion: 'list' });
    expect(understand('constructor')).toMatchObject({ problems: [{ argument: 'verb' }] });
    expect(understand('__proto__')).toMatchObject({ kind: 'mistaken' });
  });
});

const word = fc.oneof(
  fc.constantFrom(
    'add',
    'show',
    'list',
    'check',
    'history',
    'status',
    'whoami',
    'help',
    'ad',
    '--port',
    '—port',
    'port=25',
    '--note',
    '--standby',
    '--dry-run',
  ),
  fc.constantFrom(
    'gitlab.corp.internal',
    '10.0.4.12',
    '<http://h|h>',
    '<@U1|a>',
    '<!channel>',
    '&amp;',
    '&lt;',
    '"',
    '“',
    "'",
    ',',
    '=',
    '--',
    '—',
    '\\',
    '<',
    '>',
    '|',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const commandText = fc
  .array(word, { maxLength: 14 })
  .chain((words) => fc.constantFrom(' ', '', '\u00a0', '\n', ', ').map((glue) => words.join(glue)));

describe('understand: anything', () => {
  it('is understood or answered with the argument at fault, for 10,000 texts, and its echo means the same', async () => {
    await fc.assert(
      fc.property(commandText, (text) => {
        const understood = understand(text);
        if (understood.kind === 'mistaken') {
          expect(understood.problems.length).toBeGreaterThan(0);
          for (const { argument, wrong, right } of understood.problems)
            expect([argument, wrong, right].every((part) => part.trim() !== '')).toBe(true);
        }
        if (understood.kind === 'command') expect(understandLine(understood.text)).toEqual(understood);
      }),
      { numRuns: 10_000 },
    );
  });

  it.each([...'-—–―−‒‐‑－﹣﹘⁃⸺⸻ー'])('keeps a note that begins with %s through its echo', (dash) => {
    const understood = understandLine(`${plain} --note "${dash}A"`);
    expect(understood).toMatchObject({ kind: 'command', command: { definition: { note: `${dash}A` } } });
    if (understood.kind === 'command') expect(understandLine(understood.text)).toEqual(understood);
  });

  it('keeps every value of a definition through its echo', async () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => text.replace(/\s+/g, ' '));
    await fc.assert(
      fc.property(value, value, (name, note) => {
        const escaped = (text: string) => `"${text.replace(/[\\"“”„‟«»]/g, (character) => `\\${character}`)}"`;
        const understood = understandLine(`${plain} --name ${escaped(name)} --note ${escaped(note)}`);
        expect(understood).toMatchObject({ kind: 'command', command: { definition: { name, note } } });
        if (understood.kind === 'command') expect(understandLine(understood.text)).toEqual(understood);
      }),
      { numRuns: 2000 },
    );
  });
});
