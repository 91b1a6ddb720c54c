import { runShell } from './run-shell.ts';

// No top-level await: a single executable is CommonJS.
const main = async (): Promise<void> => {
  const { text, exitCode, isAnswer = false, notes } = await runShell(process.argv.slice(2));
  // Set, not called: what is written to a pipe is written to its end.
  process.exitCode = exitCode;
  if (notes !== undefined) process.stderr.write(`${notes}\n`);
  process[exitCode === 3 && !isAnswer ? 'stderr' : 'stdout'].write(`${text}\n`);
};

void main();
