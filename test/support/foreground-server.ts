import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

/** A server program that this process started and will stop. */
export type ForegroundServer = AsyncDisposable & {
  /** What it has written to its standard output and error. */
  readonly output: string;
};

const startBudgetMs = 20_000;
const stopBudgetMs = 5_000;
const pollMs = 20;

const accepts = (port: number, address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const settle = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

/** The whole group, so that no child of the server outlives it. */
const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (!isRunning(child)) return;
  const exited = once(child, 'exit');
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), stopBudgetMs);
  await exited;
  clearTimeout(timer);
};

/** Starts a server in the foreground and waits until each of its ports accepts; rejects with what it wrote when it ends before. */
export const startForeground = async (
  program: string,
  args: readonly string[],
  ports: readonly number[],
  address = '127.0.0.1',
): Promise<ForegroundServer> => {
  const child = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-100_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => {
    output += error.message;
  });
  const untilMs = Date.now() + startBudgetMs;
  for (const port of ports) {
    while (!(await accepts(port, address))) {
      if (!isRunning(child) || Date.now() > untilMs) {
        await stop(child);
        throw new Error(`${program} ${args.join(' ')} does not listen on ${address}:${port}: ${output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }
  return {
    get output() {
      return output;
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
};
