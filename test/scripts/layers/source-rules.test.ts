import { describe, expect, it } from 'vitest';
import { againstLayers } from '../../../scripts/layers/source-rules.ts';

const against = (sources: Record<string, string>) => againstLayers(new Map(Object.entries(sources)));

describe('againstLayers', () => {
  it.each([
    ['lib/core/watch/wrong.ts', 'export const now = () => Date.now();', 'Date.now('],
    ['lib/core/watch/wrong.ts', 'export const today = new Date();', 'new Date()'],
    ['lib/core/base/wrong.ts', 'setTimeout(() => {}, 10);', 'setTimeout('],
    ['lib/core/base/wrong.ts', "export const home = process.env['HOME'];", 'process.'],
    ['lib/core/base/wrong.ts', 'export const dice = Math.random();', 'Math.random('],
    ['lib/messages/wrong.ts', "await fetch('http://127.0.0.1');", 'fetch('],
  ])('%s must not contain %s', (file, text, named) => {
    expect(against({ [file]: text })).toEqual([`${file} uses ${named}: pass the value in`]);
  });

  it('lets pure code read a time that it is given, and mention a clock in a comment', () => {
    const text = '/* Date.now() */\n// Date.now()\nexport const iso = (ms: number) => new Date(ms).toISOString();';
    expect(against({ 'lib/core/base/right.ts': text })).toEqual([]);
  });

  it('lets adapters and app code use a timer', () => {
    expect(against({ 'lib/adapters/right.ts': 'setTimeout(() => {}, 10);' })).toEqual([]);
  });

  it('names a file outside every layer', () => {
    expect(against({ 'lib/lost.ts': '' })).toEqual(['lib/lost.ts is in no layer']);
  });

  it.each(['lib/core', 'lib/app'])('prints a ring of three folders of %s', (layer) => {
    const ring = against({
      [`${layer}/a/one.ts`]: "import type { Two } from '../b/two.ts';",
      [`${layer}/b/two.ts`]: "import { three } from '../c/three.ts';",
      [`${layer}/c/three.ts`]: "const { one } = await import('../a/one.ts');",
    });
    expect(ring).toHaveLength(1);
    expect(ring[0]).toContain(`${layer}/a > ${layer}/b > ${layer}/c > ${layer}/a`);
    expect(ring[0]).toContain(`${layer}/c/three.ts imports ${layer}/a/one.ts`);
  });

  it('allows folders that import each other one way', () => {
    const sources = {
      'lib/core/a/one.ts': "import { two } from '../b/two.ts';\nimport { other } from './other.ts';",
      'lib/core/a/other.ts': "import { three } from '../c/three.ts';",
      'lib/core/b/two.ts': "import { three } from '../c/three.ts';",
    };
    expect(against(sources)).toEqual([]);
  });
});
