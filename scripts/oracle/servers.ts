import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';

const readyWithinMs = 120_000;
const stopWithinMs = 10_000;
const resetWithinMs = 5000;
const pollMs = 2;

/** A folder's servers, up. */
export type OracleServers = AsyncDisposable & {
  /** Where they keep their certificates. */
  readonly folder: string;
  /** Has them forget what they did to connections before; resolves when they have. */
  reset(): Promise<void>;
};

const stopped = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });

const until = async (isSo: () => boolean, what: string): Promise<void> => {
  for (let waitedMs = 0; !isSo(); waitedMs += pollMs) {
    if (waitedMs > resetWithinMs) throw new Error(what);
    await after(pollMs);
  }
};

/** A signal that is not caught yet would end the servers. */
const catchesHangUp = (pid: number): boolean => {
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & 1n) === 1n;
};

const resets = (folder: string): number =>
  readFileSync(join(folder, 'wire.jsonl'), 'utf8').split('"counters_reset"').length;

const reset = async (folder: string, pid: number): Promise<void> => {
  const before = resets(folder);
  process.kill(pid, 'SIGHUP');
  await until(() => resets(folder) > before, 'The servers did not notice SIGHUP');
};

/** Starts a folder's `serve` and waits until its listeners are up. Rejects when it ends before, or takes longer than two minutes. */
export const startServers = async (oracleFolder: string): Promise<OracleServers> => {
  const child = spawn(join(oracleFolder, 'serve'), { stdio: ['ignore', 'pipe', 'inherit'] });
  let folder: string | undefined;
  const ready = new Promise<{ readonly folder: string; readonly pid: number }>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`${oracleFolder}/serve was not ready within ${readyWithinMs / 1000} s`)),
      readyWithinMs,
    );
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`${oracleFolder}/serve ended before it was ready (${signal ?? code})`)),
    );
    createInterface({ input: child.stdout }).on('line', (line) => {
      folder ??= line;
      const pid = /^READY\b.*\bpid=(\d+)/.exec(line)?.[1];
      if (pid === undefined) return;
      clearTimeout(timer);
      resolve({ folder, pid: Number(pid) });
    });
  });
  try {
    const { folder: certificatesFolder, pid } = await ready;
    await until(() => catchesHangUp(pid), 'The servers do not heed SIGHUP');
    return {
      folder: certificatesFolder,
      reset: () => reset(certificatesFolder, pid),
      [Symbol.asyncDispose]: () => stopped(child),
    };
  } catch (error) {
    await stopped(child);
    throw error;
  }
};
