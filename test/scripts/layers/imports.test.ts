import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const biome = resolve('node_modules/.bin/biome');

/** Lints one file as if it were at `path`, by the project's own rules. Returns Biome's output. */
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

describe('imports', () => {
  it.each([
    ['lib/core/endpoint/wrong.ts', "import type { Message } from '../../messages/message.ts';"],
    ['lib/core/dns/wrong.ts', "import { readFileSync } from 'node:fs';"],
    ['lib/core/dns/wrong.ts', "import { connect } from 'node:net';"],
    ['lib/core/ledger/wrong.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['lib/messages/wrong.ts', "import type { Ports } from '../app/ports/ports.ts';"],
    ['lib/messages/wrong.ts', "import { WebClient } from '@slack/web-api';"],
    ['lib/app/commands/wrong.ts', "import { createRoute53ZoneStore } from '../../adapters/aws/route53-zone-store.ts';"],
    ['lib/app/commands/wrong.ts', "import { createSocket } from 'node:dgram';"],
    ['lib/app/commands/wrong.ts', "const slack = await import('../../adapters/slack/web-api-call.ts');"],
    ['lib/adapters/slack/wrong.ts', "import { verify } from '../../front/verify.ts';"],
    ['lib/front/wrong.ts', "import { startWorkspace } from '../local/workspace.ts';"],
    ['lib/shell/wrong.ts', "import { verify } from '../front/verify.ts';"],
    ['lib/local/wrong.ts', "import { handler } from '../../functions/worker.ts';"],
    ['functions/wrong.ts', "import { startWorkspace } from '../lib/local/workspace.ts';"],
    ['lib/adapters/smtp/wrong.ts', 'export const home = process.env.HOME;'],
  ])('%s must not contain %s', async (path, line) => {
    expect(await complaints(path, `${line}\n`)).toMatch(/noRestrictedImports|noProcessEnv/);
  });

  it.each([
    ['lib/core/endpoint/right.ts', "import { isIPv4 } from 'node:net';"],
    ['lib/local/right.ts', "import { verify } from '../front/verify.ts';"],
    ['functions/right.ts', "import { createRoute53ZoneStore } from '../lib/adapters/aws/route53-zone-store.ts';"],
    ['lib/adapters/config.ts', 'export const home = process.env.HOME;'],
  ])('%s may contain %s', async (path, line) => {
    expect(await complaints(path, `${line}\n`)).not.toMatch(/noRestrictedImports|noProcessEnv/);
  });
});
