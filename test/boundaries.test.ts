import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const biome = resolve('node_modules/.bin/biome');

/** Lints one file that would stand at `path`, under the project's own rules. Returns what Biome says against its imports. */
const complaints = async (path: string, source: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  try {
    cpSync('biome.json', join(folder, 'biome.json'));
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), source);
    const linted = promisify(execFile)(biome, ['lint', '--vcs-enabled=false', '.'], { cwd: folder });
    const { stdout, stderr } = await linted.catch((error: { stdout: string; stderr: string }) => error);
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('the direction of imports', () => {
  it.each([
    ['lib/endpoint/wrong.ts', "import { systemClock } from '../system-clock.ts';"],
    ['lib/endpoint/wrong.ts', "import { connect } from 'node:net';"],
    ['lib/dns/plan.ts', "import { readFileSync } from 'node:fs';"],
    ['lib/ledger/fold.ts', "import { createDynamoDbLedger } from './dynamodb-ledger.ts';"],
    ['lib/commands/wrong.ts', "import { createRoute53ZoneStore } from '../dns/route53-zone-store.ts';"],
    ['lib/commands/wrong.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['lib/slack/wrong.ts', "import { startWorkspace } from '../local/workspace.ts';"],
    ['lib/probe/wrong.ts', "import { handler } from '../../functions/prober.ts';"],
    ['lib/local/wrong.ts', "import { handler } from '../../functions/worker.ts';"],
    ['functions/wrong.ts', "import { startWorkspace } from '../lib/local/workspace.ts';"],
    ['lib/probe/wrong.ts', 'export const home = process.env.HOME;'],
  ])('%s may not hold %s', async (path, line) => {
    expect(await complaints(path, `${line}\n`)).toMatch(/noRestrictedImports|noProcessEnv/);
  });

  it.each([
    ['lib/endpoint/right.ts', "import { isIPv4 } from 'node:net';"],
    ['functions/right.ts', "import { createRoute53ZoneStore } from '../lib/adapters/aws/route53-zone-store.ts';"],
    ['lib/config.ts', 'export const home = process.env.HOME;'],
  ])('%s may hold %s', async (path, line) => {
    expect(await complaints(path, `${line}\n`)).not.toMatch(/noRestrictedImports|noProcessEnv/);
  });
});
