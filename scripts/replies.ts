import { checked, explained } from './replies/judge.ts';
import { readReplies } from './replies/labelled-reply.ts';
import { startNameserver } from './replies/nameserver.ts';

// Holds the classifier of SMTP replies to a file of labelled ones: node scripts/replies.ts <file>. `right` is what `explain` says of each in Postal's own
// wording; `disagree` counts where `check`, over a real socket, says otherwise. Prints one JSON object.

const atOnce = 8;

const run = async (file: string): Promise<void> => {
  const replies = readReplies(file);
  await using nameserver = await startNameserver();
  const wrong: { readonly id: string; readonly expected: string; readonly got: string | null }[] = [];
  const disagreeing: string[] = [];
  const left = [...replies];
  const work = async (): Promise<void> => {
    for (let reply = left.shift(); reply !== undefined; reply = left.shift()) {
      const { id, code, alternatives } = reply;
      const got = explained(reply);
      if (got !== code && !alternatives.some((other) => other === got))
        wrong.push({ id, expected: code, got: got ?? null });
      const other = await checked(reply, nameserver.address);
      if (other !== (got?.startsWith('reply-') === true ? got : undefined))
        disagreeing.push(`${id}: explain ${got ?? 'nothing'}, check ${other ?? 'nothing'}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const line of disagreeing) process.stderr.write(`${line}\n`);
  const summary = { n: replies.length, right: replies.length - wrong.length, wrong, disagree: disagreeing.length };
  process.stdout.write(`${JSON.stringify(summary)}\n`);
  process.exitCode = wrong.length + disagreeing.length === 0 ? 0 : 1;
};

const [file, ...more] = process.argv.slice(2);
if (file === undefined || more.length > 0) {
  process.stderr.write('Give one file of labelled replies: npm run --silent replies -- <file>\n');
  process.exitCode = 3;
} else await run(file);
