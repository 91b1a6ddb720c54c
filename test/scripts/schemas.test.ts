import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { schemaFiles } from '../../scripts/schemas/schema-files.ts';

const [policy, profile] = schemaFiles();

it.each([policy, profile])('$file is as npm run schemas writes it', (schema) => {
  expect(readFileSync(schema?.file ?? '', 'utf8')).toBe(schema?.text);
});

it.each([
  ['policy.json', policy],
  ['postal-profile.json', profile],
])('%s names its schema and conforms to it', (name, schema) => {
  const document: Record<string, unknown> = JSON.parse(
    readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8'),
  );
  expect(document['$schema']).toBe(`./${name.replace('.json', '.schema.json')}`);
  const conforms = z.fromJSONSchema(JSON.parse(schema?.text ?? ''));
  expect(conforms.safeParse(document)).toMatchObject({ success: true });
  expect(conforms.safeParse({ ...document, colour: 'green' })).toMatchObject({ success: false });
});
