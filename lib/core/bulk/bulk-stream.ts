const prefix = 'bulk:';

/** The stream of a bulk's own entries. No hostname holds a colon. */
export const bulkStream = (bulkId: string): string => `${prefix}${bulkId}`;

export const isBulkStream = (stream: string): boolean => stream.startsWith(prefix);

/** The id of the bulk whose stream this is. */
export const bulkIdOf = (stream: string): string => stream.slice(prefix.length);
