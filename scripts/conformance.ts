import { readArguments, type Wanted } from './conformance/arguments.ts';
import { openSubject } from './conformance/open-subject.ts';
import { runList } from './conformance/run-list.ts';

// Holds a Route 53 to what the real one does: the service that AWS_ENDPOINT_URL_ROUTE_53 names, the real one with --real, or else the project's own, which is
// started for it. It works in zones of its own, called <random>.conformance.internal, and deletes them at the end. The last line is one JSON object.

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const run = async ({ target, only }: Wanted): Promise<number> => {
  const interrupted = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    say(`${signal}: no further check is begun; what was made is deleted`);
    interrupted.abort(new Error(signal));
  };
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const subject = await openSubject(target);
  try {
    say(`Against ${subject.description}, in zones at and below ${subject.zoneName}`);
    const tally = await runList({ subject, only, say }, interrupted.signal);
    say(JSON.stringify(tally));
    return tally.failed === 0 && !interrupted.signal.aborted ? 0 : 1;
  } finally {
    await subject.close();
  }
};

try {
  process.exitCode = await run(readArguments(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
