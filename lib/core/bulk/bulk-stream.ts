/** The stream of a bulk's own entries. No hostname holds a colon. */
export const bulkStream = (bulkId: string): string => `bulk:${bulkId}`;
