import * as z from 'zod';
import type { LocalChange } from './apply-batch.ts';
import type { NewZone } from './hosted-zones.ts';
import { refused, type ServiceResult } from './service-error.ts';
import { parseXml } from './xml.ts';
import type { LocalVpc } from './zone.ts';

/** Most characters of a comment. */
const commentMaximum = 256;

const comment = z.string().max(commentMaximum).optional();
/** White space between elements. */
const between = { '#text': z.string().optional() };

const recordSetSchema = z.strictObject({
  ...between,
  Name: z.string().min(1).max(1_024),
  Type: z.string().min(1),
  TTL: z
    .string()
    .regex(/^\d{1,10}$/, 'a whole number of seconds')
    .transform(Number)
    .pipe(z.int().max(2_147_483_647)),
  ResourceRecords: z.object({ ResourceRecord: z.array(z.object({ Value: z.string().max(4_000) })).min(1) }),
});

const changeSchema = z.strictObject({ ...between, Action: z.enum(['CREATE', 'DELETE', 'UPSERT']), ResourceRecordSet: recordSetSchema });

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
  return refused('InvalidInput', `Invalid XML ; ${parsed.error.issues.map((issue) => `${issue.path.join('/')}: ${issue.message}`).join('; ')}`);
};

/** What a ChangeResourceRecordSets body asks for. Only simple record sets: other kinds exist here by seeding. */
export const parseChangeBatch = (body: string): ServiceResult<{ readonly changes: readonly LocalChange[]; readonly comment: string | undefined }> => {
  const parsed = parseBody(changeBatchSchema, body);
  if (!parsed.ok) return parsed;
  const { ChangeBatch } = parsed.value.ChangeResourceRecordSetsRequest;
  const changes = ChangeBatch.Changes.Change.map(({ Action, ResourceRecordSet: { Name, Type, TTL, ResourceRecords } }) => ({
    action: Action,
    recordSet: { name: Name, type: Type, ttlSeconds: TTL, values: ResourceRecords.ResourceRecord.map(({ Value }) => Value) },
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
  return { ok: true, value: { name: Name, callerReference: CallerReference, isPrivate, vpc, comment: HostedZoneConfig?.Comment } };
};

/** What an AssociateVPCWithHostedZone body asks for. */
export const parseAssociate = (body: string): ServiceResult<{ readonly vpc: LocalVpc; readonly comment: string | undefined }> => {
  const parsed = parseBody(associateSchema, body);
  if (!parsed.ok) return parsed;
  const { VPC, Comment } = parsed.value.AssociateVPCWithHostedZoneRequest;
  return { ok: true, value: { vpc: toVpc(VPC), comment: Comment } };
};

/** `maxitems`, 1 to `maximum`; a greater number means `maximum`, as in the real service. */
export const parseMaxItems = (text: string | null, maximum: number): ServiceResult<number> => {
  if (text === null) return { ok: true, value: maximum };
  if (!/^[1-9]\d{0,9}$/.test(text)) return refused('InvalidInput', `maxitems is ${text}; it must be a whole number from 1`);
  return { ok: true, value: Math.min(Number(text), maximum) };
};
