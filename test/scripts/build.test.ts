import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const functionNames = ['slack', 'worker', 'prober', 'watch', 'postal', 'postal-facts', 'postal-database'] as const;
const configuration = ['policy.json', 'postal-profile.json'];
const charts = ['DejaVuSansCondensed.ttf', 'DejaVuSansMono-Bold.ttf'];
const besideTheCode = {
  slack: configuration,
  worker: [...charts, ...configuration, 'resvg.wasm'],
  prober: configuration,
  watch: configuration,
  postal: configuration,
  'postal-facts': configuration,
  'postal-database': configuration,
};

let folder: string;
let first: { readonly out: string; readonly stdout: string };

const build = async (out: string, more: readonly string[] = [], timeZone = 'UTC'): Promise<string> => {
  const { stdout } = await run(process.execPath, [join(root, 'scripts/build.ts'), '--out', out, ...more], {
    cwd: folder,
    env: { TZ: timeZone },
  });
  return stdout;
};

const failure = async (more: readonly string[]): Promise<{ readonly code: number; readonly stderr: string }> => {
  try {
    await build(join(folder, 'never'), more);
  } catch (error) {
    return error as { code: number; stderr: string };
  }
  throw new Error('the build was expected to fail');
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postal-endpoint-build-'));
  const out = join(folder, 'first');
  first = { out, stdout: await build(out) };
}, 120_000);

afterAll(() => rm(folder, { recursive: true }));

const digest = async (path: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(path))
    .digest('hex');

describe('the build', () => {
  test('gives the same bytes each time, in any time zone', async () => {
    const second = join(folder, 'second');
    await build(second, [], 'Asia/Tokyo');
    for (const file of [
      ...functionNames.map((name) => `functions/${name}.zip`),
      'cli/postal-endpoint.mjs',
      'deployment.json',
    ]) {
      expect({ file, digest: await digest(join(second, file)) }).toEqual({
        file,
        digest: await digest(join(first.out, file)),
      });
    }
  });

  test('gives the same bytes wherever the tree lies', async () => {
    const tree = join(folder, 'another/tree');
    await mkdir(tree, { recursive: true });
    for (const part of ['functions', 'lib', 'scripts', 'config', 'package.json'])
      await cp(join(root, part), join(tree, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'));
    const out = join(folder, 'elsewhere');
    await run(process.execPath, [join(tree, 'scripts/build.ts'), '--out', out], { cwd: folder });
    for (const name of functionNames)
      expect(await digest(join(out, `functions/${name}.zip`))).toBe(
        await digest(join(first.out, `functions/${name}.zip`)),
      );
  });

  test('leaves nothing of an earlier build behind', async () => {
    const out = join(folder, 'again');
    const stale = join(out, 'functions/slack/chunk-OLD.mjs');
    await mkdir(join(out, 'functions/slack'), { recursive: true });
    await writeFile(stale, '');
    await build(out);
    await expect(stat(stale)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each(functionNames)('packs %s with its configuration, readable to Lambda, and nothing else', async (name) => {
    const files = unzipSync(await readFile(join(first.out, `functions/${name}.zip`)));
    expect(Object.keys(files).filter((file) => !file.endsWith('.mjs'))).toEqual(besideTheCode[name]);
    expect(Object.keys(files)).toContain('index.mjs');
    for (const file of besideTheCode[name].filter((each) => each.endsWith('.json')))
      expect(Buffer.from(files[file] ?? [])).toEqual(await readFile(join(root, 'config', file)));
    for (const [file, contents] of Object.entries(files)) {
      expect(Buffer.from(contents)).toEqual(await readFile(join(first.out, `functions/${name}`, file)));
    }
  });

  test.each(functionNames)('makes of %s a module that Node 24 parses and that exports handler', async (name) => {
    const bundle = join(first.out, `functions/${name}/index.mjs`);
    await run(process.execPath, ['--check', bundle]);
    expect(await readFile(bundle, 'utf8')).toMatch(/export\{[^}]*\bas handler\b[^}]*\}/);
  });

  /** Sources of all that a bundle is made of. */
  const sourcesOf = async (name: string): Promise<readonly string[]> => {
    const bundle = join(first.out, 'functions', name);
    const maps = (await readdir(bundle)).filter((file) => file.endsWith('.map'));
    const sources = await Promise.all(
      maps.map(async (file): Promise<string[]> => JSON.parse(await readFile(join(bundle, file), 'utf8')).sources),
    );
    return sources.flat();
  };

  test('leaves what Bolt does not need here out of the front', async () => {
    const packages = new Set(
      (await sourcesOf('slack')).map((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1]),
    );
    expect(packages).toContain('@slack/bolt');
    for (const unused of [
      '@slack/socket-mode',
      '@slack/oauth',
      'express',
      'raw-body',
      'path-to-regexp',
      '@slack/web-api',
    ])
      expect(packages).not.toContain(unused);
  });

  test.each(functionNames)('brings no emulator into %s', async (name) => {
    const sources = await sourcesOf(name);
    expect(
      sources.filter((source) => /lib\/local\/|node_modules\/(dynalite|fauxqs|smtp-server)\//.test(source)),
    ).toEqual([]);
  });

  test('makes the shell command an executable file', async () => {
    const file = join(first.out, 'cli/postal-endpoint.mjs');
    expect((await readFile(file, 'utf8')).startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect((await stat(file)).mode & 0o111).toBe(0o111);
    await run(process.execPath, ['--check', file]);
  });

  test('names the hosted zones of the policy for the roles', async () => {
    const policy: { zones: { id: string }[] } = JSON.parse(await readFile(join(root, 'config/policy.json'), 'utf8'));
    expect(JSON.parse(await readFile(join(first.out, 'deployment.json'), 'utf8'))).toMatchObject({
      hostedZoneArns: policy.zones.map(({ id }) => ({
        'Fn::Sub': `arn:\${AWS::Partition}:route53:::hostedzone/${id}`,
      })),
    });
  });

  test('says how large each bundle is', async () => {
    for (const name of functionNames) {
      const { size } = await stat(join(first.out, `functions/${name}.zip`));
      expect(first.stdout).toContain(`${size} bytes  functions/${name}.zip\n`);
      expect(first.stdout).toMatch(new RegExp(`\\d+ bytes  functions/${name}, loaded at start\n`));
    }
  });

  test.each(['policy', 'postal-profile'])(
    'refuses a %s that is wrong, says why in words, and builds nothing',
    async (option) => {
      const wrong = join(folder, `wrong-${option}.json`);
      await writeFile(wrong, '{"colour":"green"}');
      const { code, stderr } = await failure([`--${option}`, wrong]);
      expect(code).toBe(1);
      expect(stderr).toContain('colour');
      expect(stderr).not.toMatch(/\n\s+at /);
      await expect(stat(join(folder, 'never'))).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );
});
