import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

/** How a child ended, and what it wrote; `out-of-time` where the deadline came first. */
export type Ended = { readonly how: 'well' | 'badly' | 'out-of-time'; readonly output: string };

/** Runs a script under this Node.js, which finds the seed in the variable SEED, until it ends or the signal says so. */
export const runChild = (args: readonly string[], seed: number, signal: AbortSignal): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], {
      env: { ...process.env, SEED: String(seed) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
    const end = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', end, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', end);
      resolve({
        how: signal.aborted ? 'out-of-time' : code === 0 ? 'well' : 'badly',
        output: stripVTControlCharacters(chunks.join('')),
      });
    });
  });
