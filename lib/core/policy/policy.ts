import * as z from 'zod';
import { isTimeZone } from '../base/zoned-time.ts';
import { changeVerbs } from '../dns/plan.ts';
import { watchRulesSchema } from './watch-rules.ts';

const pattern = z.string().min(1);

/** Slack's ids; `users` and `userGroups` are alternatives: either lets someone in. */
const people = { users: z.array(z.string()).min(1).optional(), userGroups: z.array(z.string()).min(1).optional() };

const someChanges = z.array(z.enum(changeVerbs)).min(1);

/** `policy.json`: who may do what to which names, and where those names may lead. Deny by default. */
export const policySchema = z.strictObject({
  zones: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        id: z.string().regex(/^Z[A-Z0-9]+$/, 'a hosted zone id such as Z0123456789ABC'),
        vpcs: z.array(z.strictObject({ id: z.string().min(1), region: z.string().min(1) })).default([]),
      }),
    )
    .min(1)
    .describe('Private hosted zones that hold the names, pinned by id, with the VPCs that must see each.'),
  cidrs: z
    .array(z.string().min(1))
    .min(1)
    .describe(
      'Ranges that a target may lie in. A loopback address is a target only inside a loopback range named here.',
    ),
  cnameSuffixes: z
    .array(z.string().min(1))
    .default([])
    .describe('Suffixes outside the zones that a CNAME may lead to.'),
  ports: z.array(z.int().min(1).max(65_535)).min(1).default([25, 465, 587, 2525]),
  ttl: z
    .strictObject({ minimum: z.int().default(30), maximum: z.int().default(3600), default: z.int().default(60) })
    .prefault({}),
  naming: z
    .strictObject({ pattern, severity: z.enum(['block', 'warn']).default('block'), example: z.string() })
    .optional()
    .describe('Naming convention of the first labels, as a regular expression on the whole hostname.'),
  auditChannel: z.string().min(1).describe('Channel that is the witness: one message per finished change.'),
  grants: z
    .array(
      z.strictObject({
        /** Said back by `whoami`. */
        name: z.string().min(1),
        /** Workspaces (`T…`) and Enterprise organisations (`E…`) that a person must belong to. */
        teams: z.array(z.string()).min(1),
        /** Absent: any. */
        channels: z.array(z.string()).min(1).optional(),
        /** Neither users nor user groups: everyone. */
        ...people,
        /** `*` is every verb but `check:rcpt`, `check:deliver` and `undo:others`, which a grant has to name. */
        verbs: z.array(z.string()).min(1),
        /** `*` stands for one label or more; absent: any name in the zones. */
        hostnames: z.array(pattern).min(1).optional(),
      }),
    )
    .min(1)
    .describe('Who may do what. A request is allowed by the first grant that fits it; none fits: denied.'),
  protected: z
    .array(
      z.strictObject({
        /** Said wherever the rule is why. */
        name: z.string().min(1),
        hostnames: z.array(pattern).min(1),
        /** Absent: every change. An undo always counts, for it may amount to any of them. */
        verbs: someChanges.optional(),
        approvers: z.strictObject(people),
        /** Where approvers are asked. */
        channel: z.string().min(1),
      }),
    )
    .default([])
    .describe(
      'Names whose changes need a second person. The first rule that fits a change decides; whoever asked is never the second person.',
    ),
  confirm: z
    .strictObject({ verbs: z.array(z.enum(changeVerbs)).default(['update', 'remove']) })
    .prefault({})
    .describe('Changes that whoever asked has to confirm first, where no second person is needed.'),
  breakGlass: z
    .strictObject({ ...people, /** Absent: every change. */ verbs: someChanges.optional() })
    .optional()
    .describe(
      'Who may apply a protected change at once, with a reason; absent: nobody. It replaces the second person, not a grant.',
    ),
  planMinutes: z
    .int()
    .min(1)
    .max(60)
    .default(15)
    .describe('How long a plan may wait for a confirmation or an approval.'),
  bulk: z
    .strictObject({
      names: z.int().min(0).max(10_000).default(50),
      share: z
        .strictObject({ of: z.number().min(0).max(1).default(0.25), atLeast: z.int().min(1).default(10) })
        .prefault({}),
      approvers: z.strictObject(people).optional(),
      channel: z.string().min(1).optional(),
      planMinutes: z.int().min(1).max(1440).default(60),
    })
    .prefault({})
    .describe(
      'A bulk of more than `names` changes, or one that changes more than `share.of` of the registered names and at least `share.atLeast`, needs a second person even where nothing is protected: one of `approvers`, or absent anybody with the right to approve, asked in `channel`, or absent in the audit channel. It may wait `planMinutes` for that.',
    ),
  timeZone: z
    .string()
    .refine(isTimeZone, { error: ({ input }) => `${JSON.stringify(input)} is not a time zone such as Europe/Berlin` })
    .optional()
    .describe('Time zone (IANA) of a time that a command gives without one; absent: UTC.'),
  watch: watchRulesSchema.prefault({}).describe('How endpoints are watched, and where incidents are reported.'),
});
export type PolicyDocument = z.infer<typeof policySchema>;

/** A policy with its version: the first 12 hex digits of the SHA-256 over its RFC 8785 JSON. */
export type Policy = PolicyDocument & { readonly version: string };
