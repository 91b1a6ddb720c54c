import * as z from 'zod/mini';

// Fields of commands. Values stay strings, exactly as typed: the use case judges them.

export const text = z.string();
export const optionalText = z.exactOptional(text);
export const texts = z.array(text);
export const flag = z.boolean();
/** Present only when set, as in commands that were queued before the flag existed. */
export const optionalFlag = z.exactOptional(z.literal(true));
export const pageNumber = z.int().check(z.minimum(1));
export const optionalPageNumber = z.exactOptional(pageNumber);
export const optionalTexts = z.exactOptional(texts);
