import { join } from 'node:path';
import * as z from 'zod';
import { policySchema } from '../../lib/core/policy/policy.ts';
import { postalProfileSchema } from '../../lib/core/postal/profile.ts';

const config = join(import.meta.dirname, '../../config');

const schemaText = (title: string, schema: z.ZodType): string => {
  const { properties, ...whole } = z.toJSONSchema(schema, { io: 'input' });
  // Editors find the schema by this member, which is no setting.
  const named = { ...whole, title, properties: { $schema: { type: 'string' }, ...properties } };
  return `${JSON.stringify(named, undefined, 2)}\n`;
};

/** The JSON Schemas of the configuration files, with the files in which they are kept. */
export const schemaFiles = (): readonly { readonly file: string; readonly text: string }[] => [
  { file: join(config, 'policy.schema.json'), text: schemaText('policy.json of postal-endpoint', policySchema) },
  {
    file: join(config, 'postal-profile.schema.json'),
    text: schemaText('postal-profile.json of postal-endpoint', postalProfileSchema),
  },
];
