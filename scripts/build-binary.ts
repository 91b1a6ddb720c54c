import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildExecutable, executableTargets } from './build/executable.ts';

// Builds the shell's command as single executables, for hosts without Node.js: dist/bin/postal-endpoint-<target>. The one for linux-arm64 is built here and has not been run.

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(import.meta.dirname, '../dist/bin') },
    target: { type: 'string', multiple: true, default: [...executableTargets] },
  },
});

const targets = executableTargets.filter((target) => values.target.includes(target));
const unknown = values.target.find((target) => !executableTargets.some((known) => known === target));
if (unknown !== undefined) {
  process.stderr.write(`target: there is no executable for "${unknown}". Write ${executableTargets.join(' or ')}.\n`);
  process.exit(2);
}
await mkdir(values.out, { recursive: true });
for (const target of targets) {
  const file = join(values.out, `postal-endpoint-${target}`);
  await buildExecutable(target, file);
  const remark = target === `${process.platform}-${process.arch}` ? '' : ', not run: it is for another machine';
  process.stdout.write(`${(await stat(file)).size} bytes  ${file}${remark}\n`);
}
