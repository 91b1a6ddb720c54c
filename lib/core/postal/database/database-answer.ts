import * as z from 'zod/mini';
import { databaseAnswerLimits } from '../../limits/limits.ts';
import { jsonOctets } from '../../limits/octets.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import { reportOf, snapshotReportDocument, snapshotReportSchema } from '../reports/snapshot-report.ts';
import { type DeliveryPage, pagesWithin } from './delivery-page.ts';

/** By mail server: the highest id of a delivery that was read and kept. */
export type DeliveryCursors = ReadonlyMap<number, number>;

/** What Postal's database held at one time. The snapshot has no deliveries: they come in pages. */
export type DatabaseFacts = { readonly snapshot: Snapshot; readonly pages: readonly DeliveryPage[] };

/** What the function that reads Postal's database answers. `message` is for a person. */
export type DatabaseAnswer = ({ readonly ok: true } & DatabaseFacts) | { readonly ok: false; readonly message: string };

const id = z.int().check(z.minimum(0));
const text = (characters: number) => z.nullable(z.string().check(z.maxLength(characters)));

const cursorsSchema = z.object({ cursors: z.array(z.tuple([id, id])).check(z.maxLength(10_000)) });

/** What the function is asked, as JSON. */
export const databaseRequestDocument = (cursors: DeliveryCursors): z.output<typeof cursorsSchema> => ({
  cursors: [...cursors],
});

/** Reads what the function was asked; undefined: it was asked something else. */
export const readDatabaseRequest = (event: unknown): DeliveryCursors | undefined => {
  const parsed = cursorsSchema.safeParse(event);
  return parsed.success ? new Map(parsed.data.cursors) : undefined;
};

const pageSchema = z.object({
  serverId: id,
  isFirst: z.boolean(),
  after: id,
  upTo: id,
  idsLeft: id,
  deliveries: z
    .array(
      z.object({
        id,
        messageId: id,
        endpointId: z.nullable(id),
        routeId: z.nullable(id),
        status: z.string().check(z.maxLength(40)),
        details: text(1000),
        output: text(1000),
        isEncrypted: z.boolean(),
        atMs: z.number().check(z.minimum(0)),
      }),
    )
    .check(z.maxLength(databaseAnswerLimits.idsPerServer)),
});

const answerSchema = z.discriminatedUnion('ok', [
  z.object({
    ok: z.literal(true),
    report: snapshotReportSchema,
    pages: z.array(pageSchema).check(z.maxLength(10_000)),
  }),
  z.object({ ok: z.literal(false), message: z.string() }),
]);
/** An answer as JSON has it. */
export type DatabaseAnswerDocument =
  | {
      readonly ok: true;
      readonly report: ReturnType<typeof snapshotReportDocument>;
      readonly pages: readonly DeliveryPage[];
    }
  | { readonly ok: false; readonly message: string };

/**
 * The answer within what Lambda takes: of the deliveries as many as there is room for, the rest with the next call. An inventory that is too large by itself
 * is not cut, for what is missing in it would pass for missing in Postal: then the answer says so.
 */
export const databaseAnswerDocument = (
  { snapshot, pages }: DatabaseFacts,
  octets: number = databaseAnswerLimits.octets,
): DatabaseAnswerDocument => {
  const report = snapshotReportDocument({ part: null, snapshot });
  const inventoryOctets = jsonOctets(report);
  const room = octets - inventoryOctets;
  const fitting = pagesWithin(pages, room);
  const besides = jsonOctets(fitting.map((page) => ({ ...page, deliveries: [] })));
  if (besides > room)
    return {
      ok: false,
      message: `Postal's mail servers, endpoints, routes and queue take ${inventoryOctets} octets; one answer of this function holds ${octets}. Nothing of them was left out, so nothing is returned. Report with postal-endpoint audit --send from the Postal host instead.`,
    };
  return { ok: true, report, pages: fitting };
};

/** Reads an answer. A string says what is wrong with it, and quotes nothing of it. */
export const readDatabaseAnswer = (document: unknown): DatabaseAnswer | string => {
  const parsed = answerSchema.safeParse(document);
  if (!parsed.success) return `${parsed.error.issues[0]?.path.join('.') || 'it'} does not have the form of an answer`;
  if (!parsed.data.ok) return parsed.data;
  return { ok: true, snapshot: reportOf(parsed.data.report).snapshot, pages: parsed.data.pages };
};
