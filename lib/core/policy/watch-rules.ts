import * as z from 'zod';
import { destinationSchema } from './destinations.ts';
import { maintenanceWindowSchema } from './maintenance-windows.ts';
import { severities } from './severity.ts';

const count = z.int().min(1).max(10);
const minutes = z.int().min(5).max(1440);

/** How watch looks and when it tells; `watch` in policy.json. */
export const watchRulesSchema = z.strictObject({
  channel: z.string().min(1).optional().describe('On-call channel; absent: incidents are kept, and nobody is alerted.'),
  userGroup: z
    .string()
    .min(1)
    .optional()
    .describe('The on-call group: mentioned in alerts of the severities in "mention".'),
  mention: z
    .array(z.enum(severities))
    .default(['down', 'plaintext'])
    .describe(
      'Severities that mention the on-call group, once in each step: alert, worse, reminder, escalation. The others are posted without a mention, and nobody is reminded of them.',
    ),
  reminder: z
    .strictObject({ minutes: minutes.default(15), times: z.int().min(0).max(10).default(2) })
    .prefault({})
    .describe('The on-call group is reminded so many times, every so many minutes, as long as nobody acknowledges.'),
  escalation: z
    .strictObject({
      minutes: minutes.default(30),
      channel: z.string().min(1).optional().describe('Posted here; absent: in the thread and the on-call channel.'),
      userGroup: z.string().min(1).optional().describe('Mentioned; absent: the on-call group.'),
    })
    .refine(({ channel, userGroup }) => channel !== undefined || userGroup !== undefined, {
      error: 'name a "channel", a "userGroup" or both: there is nobody to escalate to',
    })
    .optional()
    .describe('Who is asked when nobody has acknowledged after so many minutes; absent: nobody.'),
  intervalSeconds: z
    .int()
    .min(60)
    .max(3600)
    .default(300)
    .describe("The longest time between two looks at an endpoint; a multiple of watch's own minute is kept best."),
  down: z
    .strictObject({ looks: count.default(2), of: count.default(3) })
    .refine(({ looks, of }) => looks <= of, { error: '"looks" is more than "of": so many of fewer looks never agree' })
    .prefault({})
    .describe('Confirmed when so many of the last looks agree.'),
  recoverAfter: count.default(2).describe('Back when so many looks in a row are good.'),
  flapping: z
    .strictObject({ minutes: z.int().min(5).max(1440).default(60) })
    .prefault({})
    .describe(
      'An endpoint that fails again within this many minutes of a recovery is flapping: it stays one incident with one message.',
    ),
  many: z
    .strictObject({ share: z.number().min(0.1).max(1).default(0.4), atLeast: z.int().min(2).default(5) })
    .prefault({})
    .describe(
      'So large a share of the endpoints, and no fewer than so many, failing together point at the prober, the resolver or the network.',
    ),
  blindMinutes: z
    .int()
    .min(5)
    .max(1440)
    .default(60)
    .describe(
      'Minutes before the on-call group is mentioned because endpoints cannot be checked (resolver, prober or policy). The alert itself is posted at once, without a mention.',
    ),
  destinations: z
    .array(destinationSchema)
    .max(10)
    .default([])
    .describe('Where incidents are sent besides Slack, also while Slack is down.'),
  maintenance: z
    .array(maintenanceWindowSchema)
    .default([])
    .describe('Maintenance windows that come again: alerts of what they name are muted in them.'),
  certificateDays: z
    .array(z.int().min(0).max(365))
    .default([21, 7, 1])
    .describe('Days before a certificate expires at which a message is sent.'),
});
export type WatchRules = z.output<typeof watchRulesSchema>;
