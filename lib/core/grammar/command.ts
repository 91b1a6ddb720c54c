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

/** What every change takes besides: whether it is only tried out, and why it is to be applied in spite of a rule that needs a second person. */
const ofChange = { dryRun: z.boolean(), breakGlass: z.string().exactOptional() };
const withoutTargets = {
  standby: z.array(z.string()).exactOptional(),
  port: z.string().exactOptional(),
  sslMode: z.string().exactOptional(),
  ttl: z.string().exactOptional(),
  name: z.string().exactOptional(),
  owner: z.string().exactOptional(),
  note: z.string().exactOptional(),
};
const adoptions: z.ZodType<Omit<DefinitionInput, 'hostname' | 'targets'>> = z.strictObject(withoutTargets);
const changes: z.ZodType<Partial<Omit<DefinitionInput, 'hostname'>>> = z.strictObject({
  targets: z.array(z.string()).exactOptional(),
  ...withoutTargets,
});

const share = z.boolean();
const force = z.literal(true).exactOptional();
const page = z.int().min(1);

/** What a person asked for, once the grammar has understood it: one variant a verb. */
export const commandSchema = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('add'), definition: definitionInput, ...ofChange }).readonly(),
  z.strictObject({ verb: z.literal('update'), hostname: z.string(), changes, ...ofChange }).readonly(),
  z.strictObject({ verb: z.literal('remove'), hostname: z.string(), ...ofChange }).readonly(),
  z.strictObject({ verb: z.literal('adopt'), hostname: z.string(), changes: adoptions, ...ofChange }).readonly(),
  z.strictObject({ verb: z.literal('undo'), change: z.string(), ...ofChange }).readonly(),
  z.strictObject({ verb: z.literal('failover'), hostname: z.string(), force, ...ofChange }).readonly(),
  z
    .strictObject({ verb: z.literal('approve'), change: z.string(), plan: z.string().exactOptional(), force })
    .readonly(),
  z.strictObject({ verb: z.literal('reject'), change: z.string(), reason: z.string().exactOptional() }).readonly(),
  z.strictObject({ verb: z.literal('cancel'), change: z.string() }).readonly(),
  z.strictObject({ verb: z.literal('pending'), share }).readonly(),
  z.strictObject({ verb: z.literal('drift'), hostname: z.string().exactOptional(), page, share }).readonly(),
  z.strictObject({ verb: z.literal('show'), hostname: z.string(), share }).readonly(),
  z
    .strictObject({
      verb: z.literal('list'),
      target: z.string().exactOptional(),
      state: z.string().exactOptional(),
      json: z.literal(true).exactOptional(),
      page,
      share,
    })
    .readonly(),
  z
    .strictObject({
      verb: z.literal('check'),
      hostname: z.string(),
      port: z.string().exactOptional(),
      sslMode: z.string().exactOptional(),
      rcpt: z.string().exactOptional(),
      deliver: z.boolean(),
      result: z.string().exactOptional(),
      page: page.exactOptional(),
      share,
    })
    .readonly(),
  z
    .strictObject({
      verb: z.literal('history'),
      hostname: z.string().exactOptional(),
      since: z.string().exactOptional(),
      by: z.string().exactOptional(),
      target: z.string().exactOptional(),
      export: z.literal(true).exactOptional(),
      verify: z.literal(true).exactOptional(),
      page,
      share,
    })
    .readonly(),
  z.strictObject({ verb: z.literal('explain'), text: z.string(), share }).readonly(),
  z
    .strictObject({
      verb: z.literal('mute'),
      hostname: z.string(),
      duration: z.string(),
      from: z.string().exactOptional(),
      reason: z.string().exactOptional(),
      share,
    })
    .readonly(),
  z.strictObject({ verb: z.literal('unmute'), hostname: z.string(), share }).readonly(),
  z.strictObject({ verb: z.literal('status'), share }).readonly(),
  z.strictObject({ verb: z.literal('doctor'), share }).readonly(),
  z.strictObject({ verb: z.literal('whoami') }).readonly(),
  z.strictObject({ verb: z.literal('home') }).readonly(),
]);

export type Command = z.infer<typeof commandSchema>;
export type Verb = Command['verb'];
/** The variant of one verb. */
export type CommandOf<V extends Verb> = Extract<Command, { readonly verb: V }>;
