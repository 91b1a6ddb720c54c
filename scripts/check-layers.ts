import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { againstLayers } from './layers/source-rules.ts';

const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'lib', 'functions', 'scripts'], {
  encoding: 'utf8',
});
const files = listed.split('\n').filter((file) => /\.tsx?$/.test(file));
const read = files.flatMap((file) => {
  try {
    return [[file, readFileSync(file, 'utf8')] as const];
  } catch {
    // Deleted, and not committed yet.
    return [];
  }
});
const lines = againstLayers(new Map(read));
for (const line of lines) process.stdout.write(`${line}\n`);
process.stdout.write(`${read.length} files, ${lines.length} against the layers\n`);
process.exitCode = lines.length === 0 ? 0 : 1;
