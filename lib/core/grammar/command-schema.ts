import * as z from 'zod/mini';
import { table } from './table.ts';

/** A command as the queue holds it: one variant for each row of the table, and `home`, which opening the App Home asks for. */
export const commandSchema = z.discriminatedUnion('verb', [
  z.readonly(z.strictObject({ verb: z.literal('home') })),
  ...Object.values(table).map((row) => row.schema()),
]);
