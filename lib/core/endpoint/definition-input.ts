import type { Definition, DefinitionInput } from './definition.ts';
import { targetTexts } from './targets.ts';

/** A definition as somebody would type it. */
export const definitionInput = ({
  hostname,
  targets,
  standby,
  port,
  sslMode,
  ttlSeconds,
  name,
  owner,
  note,
}: Definition): DefinitionInput => ({
  hostname,
  targets: targetTexts(targets),
  ...(standby === undefined ? {} : { standby: targetTexts(standby) }),
  port: String(port),
  sslMode,
  ttl: String(ttlSeconds),
  ...(name === undefined ? {} : { name }),
  ...(owner === undefined ? {} : { owner }),
  ...(note === undefined ? {} : { note }),
});
