import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { WitnessPost } from '../../lib/app/ports/witness.ts';
import { policySchema } from '../../lib/core/policy/policy.ts';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';

/** One item of the state table, as it was written. */
export type EarlierItem = {
  readonly collection: string;
  readonly key: string;
  readonly value: never;
  readonly expiresAt?: number;
};

type EarlierPost = {
  readonly channelId: string;
  readonly ts: string;
  readonly text: string;
  readonly metadata: { readonly event_type: string; readonly event_payload: Record<string, unknown> };
};

const settingSchema = z.object({ now: z.string(), policy: policySchema.omit({ auditChannel: true }) });

/** What an earlier version has left behind, as `test/fixtures/<name>` keeps it. */
export const earlierVersion = (name: 'upgrade' | 'upgrade-bulks') => {
  const file = (part: string): string => join(import.meta.dirname, '../fixtures', name, part);
  const lines = (part: string): readonly string[] => readFileSync(file(part), 'utf8').trimEnd().split('\n');
  const parsed = <Line>(part: string): readonly Line[] => lines(part).map((line): Line => JSON.parse(line));
  return {
    name,
    file,
    lines,
    items: (): readonly EarlierItem[] => parsed('state.jsonl'),
    recordSets: (): readonly LocalRecordSet[] => parsed('zone.jsonl'),
    /** A channel as `conversations.history` shows it. */
    posts: (channelId: string): readonly WitnessPost[] =>
      parsed<EarlierPost>('channel.jsonl')
        .filter((post) => post.channelId === channelId)
        .map(({ ts, text, metadata: { event_type: eventType, event_payload: payload } }) => ({
          ts,
          text,
          edited: false,
          byThisApp: true,
          metadata: { eventType, payload },
        })),
    /** The policy is read as today's version reads it: with the defaults of what that version did not know. */
    setting: (): z.output<typeof settingSchema> =>
      settingSchema.parse(JSON.parse(readFileSync(file('setting.json'), 'utf8'))),
  };
};
