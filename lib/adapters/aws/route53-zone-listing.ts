import { setTimeout } from 'node:timers/promises';
import {
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  Route53Client,
  type Route53ClientConfig,
} from '@aws-sdk/client-route-53';
import type { ZoneListing } from '../../app/ports/zone-listing.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { createRoute53Read, type Route53ReadOptions } from './route53-read.ts';
import { bareId, fromRoute53RecordSet } from './route53-record-set.ts';

const pageSize = 300;

type Cursor = Pick<ListResourceRecordSetsCommandInput, 'StartRecordName' | 'StartRecordType' | 'StartRecordIdentifier'>;

const cursorAfter = (page: ListResourceRecordSetsCommandOutput): Cursor | undefined =>
  page.IsTruncated === true && page.NextRecordName !== undefined
    ? {
        StartRecordName: page.NextRecordName,
        StartRecordType: page.NextRecordType,
        StartRecordIdentifier: page.NextRecordIdentifier,
      }
    : undefined;

/** Lists zones of Amazon Route 53, 300 record sets a request. It needs `route53:ListResourceRecordSets`. */
export const createRoute53ZoneListing = (
  options: Route53ReadOptions & {
    readonly clientConfig?: Omit<Route53ClientConfig, 'maxAttempts' | 'retryStrategy'>;
    /** The account's rate is everybody's: so long from page to page; none when absent. */
    readonly pageEveryMs?: number;
  } = {},
): ZoneListing => {
  const client = new Route53Client({ ...options.clientConfig, maxAttempts: 1 });
  const read = createRoute53Read(options);
  const { pageEveryMs = 0 } = options;
  return {
    list: async (zoneId, signal) => {
      const found: RecordSet[] = [];
      for (let cursor: Cursor | undefined = {}; cursor !== undefined; ) {
        const command = new ListResourceRecordSetsCommand({
          HostedZoneId: bareId(zoneId),
          MaxItems: pageSize,
          ...cursor,
        });
        const page = await read((abortSignal) => client.send(command, { abortSignal }), signal);
        if (!page.ok) return page;
        found.push(...(page.value.ResourceRecordSets ?? []).map(fromRoute53RecordSet));
        cursor = cursorAfter(page.value);
        if (cursor !== undefined && pageEveryMs > 0)
          await setTimeout(pageEveryMs, undefined, { signal }).catch(() => undefined);
      }
      return { ok: true, value: found };
    },
  };
};
