import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { commandHelp, isCommandName } from '../../lib/shell/help.ts';
import { readArguments } from '../../lib/shell/read-arguments.ts';
import { runShell } from '../../lib/shell/run-shell.ts';

const names = Object.keys(commandHelp).filter(isCommandName);
const version: unknown = JSON.parse(readFileSync('package.json', 'utf8')).version;

describe('help', () => {
  it.each([[['help']], [['--help']], [['-h']]])('%j lists every command in a line', async (args) => {
    const { text, exitCode } = await runShell(args);
    expect(exitCode).toBe(0);
    for (const name of names) expect(text).toMatch(new RegExp(`^ {2}${name} {2,}\\S`, 'm'));
    for (const line of text.split('\n')) expect(line.length).toBeLessThan(125);
  });

  it.each(names)('of %s shows that command and no other, however it is asked for', async (name) => {
    const { text, exitCode } = await runShell(['help', name]);
    expect(exitCode).toBe(0);
    for (const line of commandHelp[name].usage) expect(text).toContain(`postal-endpoint ${line}`);
    for (const other of names.filter((each) => each !== name)) expect(text).not.toContain(commandHelp[other].usage[0]);
    for (const args of [
      [name, '--help'],
      [name, '-h'],
      [name, 'x', '--help'],
      ['--help', name],
    ])
      expect((await runShell(args)).text).toBe(text);
  });

  it('names only options that the command knows', async () => {
    for (const name of names) {
      const { usage, detail } = commandHelp[name];
      const options = new Set([...usage, detail].join('\n').match(/(?<=(^|[\s[,]))--[a-z][\w-]*/gm));
      expect(options.size).toBeGreaterThan(0);
      for (const option of options) {
        // With an option that is unknown nothing is carried out; this one is refused for another reason, if at all.
        const { text, exitCode } = await runShell([name, `${option}=`, '--no-such-option']);
        expect(exitCode).toBe(3);
        expect(text, `${name} ${option}`).not.toContain(`${option}: unknown`);
      }
    }
  });
});

it.each([['--version'], ['version']])('%s prints the version', async (arg) => {
  expect(await runShell([arg])).toEqual({ text: `postal-endpoint ${version}`, exitCode: 0 });
});

describe('a mistake on the command line', () => {
  test.each<[readonly string[], RegExp]>([
    [['chek', 'a.corp.internal'], /^postal-endpoint: "chek" is not a command\. Did you mean check\?/],
    [['help', 'verfy'], /"verfy" is not a command\. Did you mean verify\?/],
    [['constructor'], /"constructor" is not a command\. postal-endpoint help/],
    [['check', 'a.corp.internal', '--prot', '25'], /--prot: unknown option\. Did you mean --port\?/],
    [['check', 'a.corp.internal', '--toString'], /--toString: unknown option\.\n/],
    [['check', '-p', '25'], /-p: unknown option\. Options begin with two dashes\./],
    [['check', 'a.corp.internal', '--port'], /--port: its value is missing\.\n/],
    [['check', 'a.corp.internal', '--port', '--json'], /--port: its value is missing before --json\./],
    [['check', 'a.corp.internal', '--json=yes'], /--json: it takes no value\./],
    [['explain', '--jsn', 'x'], /--jsn: unknown option\. Did you mean --json\?/],
    [['verify', 'a.corp.internal', 'b.corp.internal'], /"b\.corp\.internal": unexpected argument/],
    [['validate', 'policy.json'], /"policy\.json": unexpected argument/],
  ])('%j is named, with what would be right and where to look it up', async (args, expected) => {
    const { text, exitCode } = await runShell(args);
    expect(exitCode).toBe(3);
    expect(text).toMatch(expected);
    expect(text).toMatch(/postal-endpoint help/);
    expect(text).not.toMatch(/ERR_|Unexpected argument|positional|To specify an option/);
  });
});

describe('a file that cannot be read', () => {
  it.each([
    ['validate', '--policy'],
    ['validate', '--profile'],
    ['validate', '--policy', 'config/policy.json', '--registry'],
    ['check', 'a.corp.internal', '--policy'],
    ['check', 'a.corp.internal', '--ca-file'],
    ['audit', '--postal-config'],
    ['verify', '--file'],
    ['import'],
  ])('%s %s: it is said in plain words why', async (...args) => {
    const missing = await runShell([...args, '/nowhere/file']);
    expect(missing.exitCode).toBeGreaterThan(0);
    expect(missing.text).toMatch(/\/nowhere\/file.*there is no such file/s);
    const folder = await runShell([...args, '/']);
    expect(folder.text).toContain('it is a folder, not a file');
    expect(`${missing.text}${folder.text}`).not.toMatch(/E[A-Z]{4,}: |, open '/);
  });
});

describe('arguments', () => {
  const options = {
    json: { type: 'boolean' },
    port: { type: 'string' },
    resolver: { type: 'string', multiple: true },
  } as const;

  it('are read in any order, with = or without, up to --', () => {
    const read = readArguments(
      ['a', '--port', '25', '--port=-1', '--json', 'b', '--resolver', 'x', '--resolver=y', '--', '--c', '-d'],
      options,
    );
    expect({ ...read.values }).toEqual({ port: '-1', json: true, resolver: ['x', 'y'] });
    expect(read.positionals).toEqual(['a', 'b', '--c', '-d']);
  });

  it('that are text keep their dashes, and an option among them is still one', () => {
    const words = ['[1]', '-0500', '-', '---', 'Tried', '-x'];
    const read = readArguments([...words, '--json'], options, { dashesAreText: true });
    expect(read.positionals).toEqual(words);
    expect(read.values.json).toBe(true);
  });
});
