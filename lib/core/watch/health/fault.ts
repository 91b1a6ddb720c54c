import * as z from 'zod';

/**
 * How a target fails, coarse enough that one broken machine fails in one way at all of its ports.
 *
 * | way | means |
 * | --- | --- |
 * | `unreachable` | no connection: refused, not answered, no route |
 * | `tls` | encryption fails, or is no longer offered |
 * | `smtp` | what answers is no working mail server |
 */
export const ways = ['unreachable', 'tls', 'smtp'] as const;
export type Way = (typeof ways)[number];

export const faultSchema = z.strictObject({ target: z.string(), way: z.enum(ways) });

/** One target of an endpoint, by its address, and how it fails. */
export type Fault = z.infer<typeof faultSchema>;

/** Whether two lists name the same faults in the same order; an absent list is empty. */
export const sameFaults = (one: readonly Fault[] = [], other: readonly Fault[] = []): boolean =>
  one.length === other.length &&
  one.every(({ target, way }, index) => target === other[index]?.target && way === other[index].way);
