import { runShell } from './shell/run-shell.ts';

const { text, exitCode } = await runShell(process.argv.slice(2));
// Set, not called: what is written to a pipe is written to its end.
process.exitCode = exitCode;
process[exitCode === 3 ? 'stderr' : 'stdout'].write(`${text}\n`);
