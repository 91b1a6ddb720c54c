import type { DefinitionInput } from './definition.ts';

/** What the grammar would not read back as one plain value: white space, separators, quotes, `=`, a leading dash, nothing at all. */
const needsQuotes = /[\s,=\\"“”„‟«»'‘’‚‛`]|^$|^[-—–―−‒‐‑]|^(?:→|=>)$/;

const quoted = (value: string): string => (needsQuotes.test(value) ? `"${value.replace(/[\\"“”„‟«»]/g, '\\$&')}"` : value);

const option = (name: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [`--${name}`, quoted(value)]);

/** The command that asks for a definition, whole, as one would type it. */
export const addCommandLine = (input: DefinitionInput): string =>
  [
    '/postal-endpoint add',
    quoted(input.hostname),
    ...input.targets.map(quoted),
    ...(input.standby === undefined || input.standby.length === 0 ? [] : ['--standby', ...input.standby.map(quoted)]),
    ...option('port', input.port),
    ...option('ssl-mode', input.sslMode),
    ...option('ttl', input.ttl),
    ...option('name', input.name),
    ...option('owner', input.owner),
    ...option('note', input.note),
  ].join(' ');
