/** The files in which the registry can be handed on; `import` reads all of them. */
export const registryFormats = ['csv', 'jsonl', 'zone'] as const;
export type RegistryFormat = (typeof registryFormats)[number];

/** The format that a word names; undefined where it names none. */
export const registryFormatOf = (word: string): RegistryFormat | undefined =>
  registryFormats.find((format) => format === word.toLowerCase());

/** What is said of a word that names no format. */
export const notARegistryFormat = (word: string): string =>
  `format: unknown format "${word}". Write csv, jsonl or zone.`;
