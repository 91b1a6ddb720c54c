import * as z from 'zod';
import type { LocalChange } from './apply-batch.ts';
import type { NewZone } from './hosted-zones.ts';
import type { LocalRecordSet } from './record-set.ts';
import { refused, type ServiceResult } from './service-error.ts';
import { parseXml } from './xml.ts';
import type { LocalVpc } from './zone.ts';

/** Most characters of a comment. */
const commentMaximum = 256;

const comment = z.string().max(commentMaximum).optional();
/** White space between elements. */
const between = { '#text': z.string().optional() };

const trueOrFalse = z.enum(['true', 'false']).transform((text) => text === 'true');

const routing = {
  Weight: z
    .string()
    .regex(/^\d{1,3}$/, 'a whole number from 0 to 255')
    .transform(Number)
    .pipe(z.int().max(255)),
  Region: z.string().min(1).max(64),
  Failover: z.enum(['PRIMARY', 'SECONDARY']),
  GeoLocation: z.strictObject({ ...between, CountryCode: z.string().min(1).max(2) }),
  MultiValueAnswer: trueOrFalse,
};
const policies = Object.keys(routing);

const aliasTargetSchema = z.strictObject({
  ...between,
  HostedZoneId: z.string().min(1),
  DNSName: z.string().min(1),
  EvaluateTargetHealth: trueOrFalse,
});

const recordSetSchema = z
  .strictObject({
    ...between,
    Name: z.string().min(1).max(1_024),
    Type: z.string().min(1),
    TTL: z
      .string()
      .regex(/^\d{1,10}$/, 'a whole number of seconds')
      .transform(Number)
      .pipe(z.int().max(2_147_483_647))
      .optional(),
    ResourceRecords: z
      .object({ ResourceRecord: z.array(z.object({ Value: z.string().max(4_000) })).min(1) })
      .optional(),
    AliasTarget: aliasTargetSchema.optional(),
    SetIdentifier: z.string().min(1).max(128).optional(),
    HealthCheckId: z.string().min(1).max(64).optional(),
    ...z.object(routing).partial().shape,
  })
  .refine(
    ({ AliasTarget, TTL, ResourceRecords }) =>
      (AliasTarget === undefined) === (TTL !== undefined) && (TTL === undefined) === (ResourceRecords === undefined),
    { message: 'either AliasTarget, or TTL and ResourceRecords' },
  )
  .refine(
    (set) =>
      Object.keys(set).filter((key) => policies.includes(key)).length === (set.SetIdentifier === undefined ? 0 : 1),
    { message: `SetIdentifier goes with exactly one of ${policies.join(', ')}` },
  );

const changeSchema = z.strictObject({
  ...between,
  Action: z.enum(['CREATE', 'DELETE', 'UPSERT']),
  ResourceRecordSet: recordSetSchema,
});

const changeBatchSchema = z.object({
  ChangeResourceRecordSetsRequest: z.object({
    ChangeBatch: z.object({ Comment: comment, Changes: z.object({ Change: z.array(changeSchema).min(1) }) }),
  }),
});

const vpcSchema = z.object({ VPCRegion: z.string().min(1), VPCId: z.string().regex(/^vpc-[0-9a-z]{1,32}$/) });

const createSchema = z.object({
  CreateHostedZoneRequest: z.object({
    Name: z.string().min(1).max(1_024),
    CallerReference: z.string().min(1).max(128),
    VPC: vpcSchema.optional(),
    HostedZoneConfig: z.object({ Comment: comment, PrivateZone: z.enum(['true', 'false']).optional() }).optional(),
  }),
});

const associateSchema = z.object({ AssociateVPCWithHostedZoneRequest: z.object({ VPC: vpcSchema, Comment: comment }) });

const parseBody = <Output>(schema: z.ZodType<Output>, body: string): ServiceResult<Output> => {
  const xml = parseXml(body);
  if (xml === undefined) return refused('InvalidInput', 'Invalid XML ; the body is not well-formed XML');
  const parsed = schema.safeParse(xml);
  if (parsed.success) return { ok: true, value: parsed.data };
  return refused(
    'InvalidInput',
    `Invalid XML ; ${parsed.error.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`).join('; ')}`,
  );
};

const toRecordSet = (set: z.output<typeof recordSetSchema>): LocalRecordSet => ({
  name: set.Name,
  type: set.Type,
  ttlSeconds: set.TTL,
  values: (set.ResourceRecords?.ResourceRecord ?? []).map(({ Value }) => Value),
  aliasTarget: set.AliasTarget && {
    hostedZoneId: set.AliasTarget.HostedZoneId,
    dnsName: set.AliasTarget.DNSName,
    evaluateTargetHealth: set.AliasTarget.EvaluateTargetHealth,
  },
  setIdentifier: set.SetIdentifier,
  weight: set.Weight,
  region: set.Region,
  failover: set.Failover,
  geoLocationCountry: set.GeoLocation?.CountryCode,
  multiValueAnswer: set.MultiValueAnswer,
  healthCheckId: set.HealthCheckId,
});

/** What a ChangeResourceRecordSets body asks for. A set of a traffic policy exists here by seeding only, as in the real service by its policy only. */
export const parseChangeBatch = (
  body: string,
): ServiceResult<{ readonly changes: readonly LocalChange[]; readonly comment: string | undefined }> => {
  const parsed = parseBody(changeBatchSchema, body);
  if (!parsed.ok) return parsed;
  const { ChangeBatch } = parsed.value.ChangeResourceRecordSetsRequest;
  const changes = ChangeBatch.Changes.Change.map(({ Action, ResourceRecordSet }) => ({
    action: Action,
    recordSet: toRecordSet(ResourceRecordSet),
  }));
  return { ok: true, value: { changes, comment: ChangeBatch.Comment } };
};

const toVpc = ({ VPCId, VPCRegion }: z.infer<typeof vpcSchema>): LocalVpc => ({ id: VPCId, region: VPCRegion });

/** What a CreateHostedZone body asks for: a zone with a VPC is private. */
export const parseCreateHostedZone = (body: string): ServiceResult<NewZone> => {
  const parsed = parseBody(createSchema, body);
  if (!parsed.ok) return parsed;
  const { Name, CallerReference, VPC, HostedZoneConfig } = parsed.value.CreateHostedZoneRequest;
  const vpc = VPC === undefined ? undefined : toVpc(VPC);
  const isPrivate = vpc !== undefined || HostedZoneConfig?.PrivateZone === 'true';
  return {
    ok: true,
    value: { name: Name, callerReference: CallerReference, isPrivate, vpc, comment: HostedZoneConfig?.Comment },
  };
};

/** What an AssociateVPCWithHostedZone body asks for. */
export const parseAssociate = (
  body: string,
): ServiceResult<{ readonly vpc: LocalVpc; readonly comment: string | undefined }> => {
  const parsed = parseBody(associateSchema, body);
  if (!parsed.ok) return parsed;
  const { VPC, Comment } = parsed.value.AssociateVPCWithHostedZoneRequest;
  return { ok: true, value: { vpc: toVpc(VPC), comment: Comment } };
};

/** `maxitems`, 1 to `maximum`; a greater number means `maximum`, as in the real service. */
export const parseMaxItems = (text: string | null, maximum: number): ServiceResult<number> => {
  if (text === null) return { ok: true, value: maximum };
  if (!/^[1-9]\d{0,9}$/.test(text))
    return refused('InvalidInput', `maxitems is ${text}; it must be a whole number from 1`);
  return { ok: true, value: Math.min(Number(text), maximum) };
};
