import * as z from 'zod';
import { type Definition, sslModes } from './definition.ts';
import { targetTexts } from './targets.ts';

const text = z.string().nullable();

/** A registered hostname as a line of JSON holds it. */
export const registryRowSchema = z.strictObject({
  hostname: z.string().min(1),
  targets: z.array(z.string()).min(1),
  standby: z.array(z.string()),
  port: z.int().min(1).max(65_535),
  sslMode: z.enum(sslModes),
  ttl: z.int().min(0),
  name: text,
  owner: text,
  note: text,
});
export type RegistryRow = z.infer<typeof registryRowSchema>;

/** The line of a definition. */
export const registryRow = (definition: Definition): RegistryRow => ({
  hostname: definition.hostname,
  targets: [...targetTexts(definition.targets)],
  standby: definition.standby === undefined ? [] : [...targetTexts(definition.standby)],
  port: definition.port,
  sslMode: definition.sslMode,
  ttl: definition.ttlSeconds,
  name: definition.name ?? null,
  owner: definition.owner ?? null,
  note: definition.note ?? null,
});
