import * as z from 'zod';

/** A resource record set as the local Route 53 keeps it, of any kind that the real one knows; `name` is canonical. */
export const localRecordSetSchema = z
  .strictObject({
    name: z.string(),
    type: z.string(),
    setIdentifier: z.string().optional(),
    ttlSeconds: z.int().min(0).max(2_147_483_647).optional(),
    values: z.array(z.string()).readonly(),
    aliasTarget: z
      .strictObject({ hostedZoneId: z.string(), dnsName: z.string(), evaluateTargetHealth: z.boolean() })
      .readonly()
      .optional(),
    weight: z.int().optional(),
    region: z.string().optional(),
    failover: z.enum(['PRIMARY', 'SECONDARY']).optional(),
    geoLocationCountry: z.string().optional(),
    multiValueAnswer: z.boolean().optional(),
    healthCheckId: z.string().optional(),
    trafficPolicyInstanceId: z.string().optional(),
  })
  .readonly();
export type LocalRecordSet = z.infer<typeof localRecordSetSchema>;

/** Record sets by `recordSetKey`. */
export type RecordSets = ReadonlyMap<string, LocalRecordSet>;

type Identity = Pick<LocalRecordSet, 'name' | 'type' | 'setIdentifier'>;

/** What Route 53 tells record sets apart by: name, type and set identifier. */
export const recordSetKey = ({ name, type, setIdentifier }: Identity): string =>
  JSON.stringify([name, type, setIdentifier ?? null]);
