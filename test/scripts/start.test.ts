import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/workspace.ts';

const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [resolve('scripts/start.ts'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

/** What a process has written once it has said `part`, or all of it when it ends first. */
const untilSaid = async (child: ChildProcess, part: string): Promise<string> => {
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    if (said.includes(part)) break;
  }
  return said;
};

describe('npm start', () => {
  it('says where it is ready, keeps its data where it says, and ends cleanly at SIGTERM', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    const child = start('--port', '0', '--data', data);
    const exited = once(child, 'exit');
    const said = await untilSaid(child, 'Ctrl-C stops everything');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
    expect(await (await fetch(url)).text()).toContain('<div id="root">');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await access(join(data, 'policy.json'));
    await expect(fetch(url)).rejects.toThrow();
  });

  it.each(['70000', '-1', '25.5', 'page'])('does not start on port %s, and says what would be right', async (port) => {
    const child = start(`--port=${port}`);
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(2);
    expect(said).toContain(`"${port}" is not a valid port`);
  });
});
