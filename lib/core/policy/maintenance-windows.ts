import * as z from 'zod';
import { isTimeZone } from '../base/zoned-time.ts';

const weekday = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
export type Weekday = z.infer<typeof weekday>;

const time = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time such as 22:30');
const some = z.array(z.string().min(1)).min(1).optional();

/** A maintenance window that comes again; `watch.maintenance` in policy.json. */
export const maintenanceWindowSchema = z
  .strictObject({
    name: z.string().min(1).max(80).describe('Shown wherever the window mutes something.'),
    days: z
      .array(weekday)
      .min(1)
      .default([...weekday.options])
      .describe('Days on which it begins; absent: every day.'),
    from: time.describe('When it begins, as the clocks of its time zone show it.'),
    to: time.describe('When it ends; on the next day if that is not later than `from`.'),
    timeZone: z
      .string()
      .refine(isTimeZone, { error: ({ input }) => `${JSON.stringify(input)} is not a time zone such as Europe/Berlin` })
      .optional()
      .describe("Time zone (IANA); absent: the policy's."),
    hostnames: some.describe('Hostnames and patterns that are muted in it.'),
    targets: some.describe('Addresses and names: hostnames with one of them as a target are muted in it.'),
    owners: some.describe('Ids of Slack or texts: hostnames of one of these owners are muted in it.'),
  })
  .refine(({ hostnames, targets, owners }) => hostnames ?? targets ?? owners, {
    error: 'names nothing to mute: give hostnames, targets or owners',
  });
export type MaintenanceWindow = z.output<typeof maintenanceWindowSchema>;
