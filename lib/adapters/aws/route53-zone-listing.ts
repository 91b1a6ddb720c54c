import { setTimeout } from 'node:timers/promises';
import {
  ListResourceRecordSetProtectionsCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  Route53Client,
  type Route53ClientConfig,
} from '@aws-sdk/client-route-53';
import type { ZoneListing } from '../../app/ports/zone-listing.ts';
import type { Protection } from '../../core/dns/protection.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { parentOf, wildcardBelow } from '../../core/dns/zone-answer.ts';
import type { ZoneResult } from '../../core/dns/zone-reading.ts';
import { canonicalName, isAtOrBelow } from '../../core/endpoint/name.ts';
import { createRoute53Read, type Route53ReadOptions } from './route53-read.ts';
import { bareId, fromRoute53RecordSet, toRoute53Name } from './route53-record-set.ts';
import { zonesOfVpc } from './zones-of-vpc.ts';

const pageSize = 300;
/** A point read wants the few sets of one name. */
const pointReadPageSize = 100;

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
    /** Pause between pages, because all users of the account share its rate limit; none when absent. */
    readonly pageEveryMs?: number;
    /** So many pages come one directly after the other; from the first on there are pauses when absent. */
    readonly pagesWithoutPause?: number;
  } = {},
): ZoneListing => {
  const client = new Route53Client({ ...options.clientConfig, maxAttempts: 1 });
  const read = createRoute53Read(options);
  const { pageEveryMs = 0, pagesWithoutPause = 1 } = options;
  /** The first record sets at or after a name, in Route 53's order: those below a name follow it. */
  const firstFrom = async (
    zoneId: string,
    name: string,
    MaxItems: number,
    signal: AbortSignal,
  ): Promise<ZoneResult<readonly RecordSet[]>> => {
    const command = new ListResourceRecordSetsCommand({
      HostedZoneId: bareId(zoneId),
      StartRecordName: toRoute53Name(name),
      MaxItems,
    });
    const page = await read((abortSignal) => client.send(command, { abortSignal }), signal);
    if (!page.ok) return page;
    const found = (page.value.ResourceRecordSets ?? []).map(fromRoute53RecordSet);
    return { ok: true, value: found.filter((recordSet) => isAtOrBelow(recordSet.name, name)) };
  };

  return {
    list: async (zoneId, signal) => {
      const found: RecordSet[] = [];
      let pages = 0;
      for (let cursor: Cursor | undefined = {}; cursor !== undefined; pages += 1) {
        if (pages >= pagesWithoutPause && pageEveryMs > 0)
          await setTimeout(pageEveryMs, undefined, { signal }).catch(() => undefined);
        const command = new ListResourceRecordSetsCommand({
          HostedZoneId: bareId(zoneId),
          MaxItems: pageSize,
          ...cursor,
        });
        const page = await read((abortSignal) => client.send(command, { abortSignal }), signal);
        if (!page.ok) return page;
        found.push(...(page.value.ResourceRecordSets ?? []).map(fromRoute53RecordSet));
        cursor = cursorAfter(page.value);
      }
      return { ok: true, value: found };
    },
    around: async (zone, name, signal) => {
      let existing = name;
      for (;;) {
        const found = await firstFrom(zone.id, existing, existing === name ? pointReadPageSize : 1, signal);
        if (!found.ok || (found.value.length > 0 && existing === name)) return found;
        if (found.value.length > 0 || existing === zone.name) {
          const wildcard = await firstFrom(zone.id, wildcardBelow(existing), pointReadPageSize, signal);
          if (!wildcard.ok) return wildcard;
          // The first record set below the name may be the wildcard's own.
          const others = found.value.filter((recordSet) => !isAtOrBelow(recordSet.name, wildcardBelow(existing)));
          return { ok: true, value: [...others, ...wildcard.value] };
        }
        existing = parentOf(existing);
      }
    },
    visibleZones: async (vpc, signal) => {
      const summaries = await zonesOfVpc(client, read, vpc, signal);
      return summaries.ok ? { ok: true, value: summaries.value } : summaries;
    },
    protections: async (zoneId, signal) => {
      const found: Protection[] = [];
      let NextToken: string | undefined;
      do {
        const command = new ListResourceRecordSetProtectionsCommand({ HostedZoneId: bareId(zoneId), NextToken });
        const page = await read((abortSignal) => client.send(command, { abortSignal }), signal);
        if (!page.ok) return page;
        for (const { RecordName = '', RecordType = '', Comment } of page.value.ResourceRecordSetProtections ?? [])
          found.push({ name: canonicalName(RecordName), type: RecordType, comment: Comment });
        NextToken = page.value.NextToken;
      } while (NextToken !== undefined);
      return { ok: true, value: found };
    },
  };
};
