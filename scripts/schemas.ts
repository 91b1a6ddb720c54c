import { writeFile } from 'node:fs/promises';
import { schemaFiles } from './schemas/schema-files.ts';

// Writes the JSON Schemas of policy.json and postal-profile.json, by which editors complete and check them.

for (const { file, text } of schemaFiles()) {
  await writeFile(file, text);
  process.stdout.write(`${file}\n`);
}
