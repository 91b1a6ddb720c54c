import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { slashCommand, table, typedVerbs } from '../../lib/core/grammar/table.ts';
import { usageOf } from '../../lib/messages/help-message.ts';
import { recordedBy } from './observability.ts';

const root = new URL('../..', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const documents = [
  'README.md',
  ...readdirSync(new URL('docs/', root)).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const manifest: { dependencies: Record<string, string> } = JSON.parse(read('package.json'));

/** The anchor that a heading gets. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

describe.each(documents)('%s', (path) => {
  const text = read(path);

  it('leads nowhere in vain', () => {
    const links = [...text.matchAll(/(?:\]\(|src="|srcset=")([^)"\s]+)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !link.startsWith('http'));
    for (const link of links) {
      const [file = '', anchor] = link.split('#');
      const target =
        file === '' ? path : decodeURI(new URL(file, new URL(path, root)).pathname).slice(root.pathname.length);
      const body = readFileSync(new URL(target, root));
      if (anchor === undefined) continue;
      const anchors = [...body.toString().matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
      expect(anchors, `${link} in ${path}`).toContain(anchor);
    }
  });
});

describe('the documents', () => {
  it('name every verb in the README', () => {
    const readme = read('README.md');
    for (const verb of typedVerbs) expect(readme).toMatch(new RegExp(`\`${verb}[ \`]`));
  });

  it('explain every verb with its usage and a picture of its message', () => {
    const sections = read('docs/commands.md').split(/^### /m).slice(1);
    const verbs = sections.map((section) => section.slice(0, section.indexOf('\n')));
    expect(verbs.filter((verb) => verb !== 'help' && !/[A-Z ]/.test(verb)).toSorted()).toEqual(typedVerbs.toSorted());
    for (const verb of typedVerbs) {
      const section = sections.find((candidate) => candidate.startsWith(`${verb}\n`));
      expect(section).toContain(`\n\`\`\`text\n${slashCommand} ${usageOf(table[verb])}\n\`\`\`\n`);
      expect(section).toMatch(new RegExp(`\\n!\\[[^\\]]{10,}\\]\\(messages/${verb}\\.png\\)\\n`));
    }
  });

  it('show pictures that are small', () => {
    const folder = new URL('docs/messages/', root);
    const sizes = readdirSync(folder).map((name) => ({ name, bytes: statSync(new URL(name, folder)).size }));
    expect(sizes.filter(({ bytes }) => bytes > 250_000)).toEqual([]);
    expect(sizes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(5_000_000);
  });

  it('give every production dependency its version and reason', () => {
    const listed = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| (\S+) \| \d{4}-\d{2}-\d{2} \| \S/gm)];
    expect(Object.fromEntries(listed.map(([, name, version]) => [name, version]))).toEqual(manifest.dependencies);
  });

  it('say of every alarm what it means, and what metrics and alarms cost', () => {
    const operating = read('docs/operating.md');
    const names = ['alarms.yml', 'function-alarms.yml'].flatMap((file) =>
      [...read(`config/deployment/${file}`).matchAll(/AlarmName: \$\{[^}]+\}-(\S+)/g)].map(([, name = '']) => name),
    );
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) expect(operating).toMatch(new RegExp(`\`…?-?${name}\``));
    const metrics = Object.values(recordedBy).flat().length;
    const dollars = (metrics * 0.3 + names.length * 0.1).toFixed(2);
    expect(operating).toContain(`| CloudWatch: ${metrics} custom metrics, ${names.length} alarms | ${dollars} |`);
  });

  it('reckon what a month costs, and the sums are right', () => {
    const section = /^## What it costs a month\n(.*?)^## /ms.exec(read('docs/operating.md'))?.[1] ?? '';
    const rows = [...section.matchAll(/^\| ([^|]+?) \| ([\d.*]+) \| ([\d.*]+) \| ([\d.*]+) \|$/gm)].map(
      ([, what = '', ...cells]) => ({ what, dollars: cells.map((cell) => Number(cell.replaceAll('*', ''))) }),
    );
    const together = rows.findIndex(({ what }) => what === '**together**');
    expect(together).toBeGreaterThan(4);
    for (const [column, endpoints] of [200, 2_000, 10_000].entries()) {
      const sum = rows.slice(0, together).reduce((total, { dollars }) => total + (dollars[column] ?? 0), 0);
      expect(rows[together]?.dollars[column]).toBeCloseTo(sum, 2);
      expect(rows[together + 1]?.dollars[column]).toBeCloseTo(sum / endpoints, 3);
    }
    expect(section).toMatch(/\b20\d\d\b/);
  });

  it('name a command and what must come out for every assumption about AWS and Slack', () => {
    const rows = read('docs/first-deployment.md').match(/^\| (?!assumed|---).*$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) {
      const [, assumed = '', command = '', outcome = ''] = row.split(/(?<!\\) \| |^\| | \|$/);
      expect(
        [assumed, outcome].every((cell) => cell.length > 2),
        row,
      ).toBe(true);
      expect(command, row).toMatch(/`|phone|test mail|Home tab/);
    }
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    for (const [, script = ''] of rows.join('\n').matchAll(/npm run (?:--silent )?([\w:]+)/g))
      expect(Object.keys(scripts)).toContain(script);
  });

  it('name every script that people run', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
    const all = documents.map(read).join('\n');
    for (const script of Object.keys(scripts)) expect(all).toMatch(new RegExp(`npm (run (--silent )?)?${script}\\b`));
  });
});
