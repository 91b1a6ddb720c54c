import { ListResourceRecordSetsCommand, type ResourceRecordSet, type Route53Client } from '@aws-sdk/client-route-53';

/** A whole zone, in the service's order, with the size of every page. */
export type ZoneListing = { readonly recordSets: readonly ResourceRecordSet[]; readonly pages: readonly number[] };

/** Reads a zone page by page from where each page says that the next one begins. */
export const listZone = async (
  client: Route53Client,
  zoneId: string,
  signal: AbortSignal,
  pageSize?: number,
): Promise<ZoneListing> => {
  const recordSets: ResourceRecordSet[] = [];
  const pages: number[] = [];
  let cursor: object = {};
  for (;;) {
    const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: pageSize, ...cursor });
    const page = await client.send(command, { abortSignal: signal });
    recordSets.push(...(page.ResourceRecordSets ?? []));
    pages.push(page.ResourceRecordSets?.length ?? 0);
    if (page.IsTruncated !== true) return { recordSets, pages };
    cursor = {
      StartRecordName: page.NextRecordName,
      StartRecordType: page.NextRecordType,
      StartRecordIdentifier: page.NextRecordIdentifier,
    };
  }
};
