import * as z from 'zod';
import type { DefinitionInput } from '../endpoint/definition.ts';

const definitionInput: z.ZodType<DefinitionInput> = z.strictObject({
  hostname: z.string(),
  targets: z.array(z.string()),
  standby: z.array(z.string()).exactOptional(),
  port: z.string().exactOptional(),
  sslMode: z.string().exactOptional(),
  ttl: z.string().exactOptional(),
  name: z.string().exactOptional(),
  owner: z.string().exactOptional(),
  note: z.string().exactOptional(),
});

const share = z.boolean();
const page = z.int().min(1);

/** What a person asked for, once the grammar has understood it: one variant a verb. */
export const commandSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('add'), definition: definitionInput, dryRun: z.boolean() }).readonly(),
  z.strictObject({ verb: z.literal('show'), hostname: z.string(), share }).readonly(),
  z.strictObject({ verb: z.literal('list'), target: z.string().exactOptional(), page, share }).readonly(),
  z
    .strictObject({ verb: z.literal('check'), hostname: z.string(), port: z.string().exactOptional(), sslMode: z.string().exactOptional(), share })
    .readonly(),
  z
    .strictObject({
      verb: z.literal('history'),
      hostname: z.string().exactOptional(),
      since: z.string().exactOptional(),
      by: z.string().exactOptional(),
      page,
      share,
    })
    .readonly(),
  z.strictObject({ verb: z.literal('status'), share }).readonly(),
  z.strictObject({ verb: z.literal('whoami') }).readonly(),
  z.strictObject({ verb: z.literal('home') }).readonly(),
]);

export type Command = z.infer<typeof commandSchema>;
export type Verb = Command['verb'];
/** The variant of one verb. */
export type CommandOf<V extends Verb> = Extract<Command, { readonly verb: V }>;
