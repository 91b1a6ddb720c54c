import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { WitnessPost } from '../../lib/app/ports/witness.ts';
import { policySchema } from '../../lib/core/policy/policy.ts';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';

const folder = join(import.meta.dirname, '../fixtures/upgrade');

export const earlierFile = (name: string): string => join(folder, name);
export const earlierLines = (name: string): readonly string[] =>
  readFileSync(earlierFile(name), 'utf8').trimEnd().split('\n');

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

const parsed = <Line>(name: string): readonly Line[] => earlierLines(name).map((line): Line => JSON.parse(line));

export const earlierItems = (): readonly EarlierItem[] => parsed('state.jsonl');
export const earlierRecordSets = (): readonly LocalRecordSet[] => parsed('zone.jsonl');

/** A channel as `conversations.history` shows it. */
export const earlierPosts = (channelId: string): readonly WitnessPost[] =>
  parsed<EarlierPost>('channel.jsonl')
    .filter((post) => post.channelId === channelId)
    .map(({ ts, text, metadata: { event_type: eventType, event_payload: payload } }) => ({
      ts,
      text,
      edited: false,
      byThisApp: true,
      metadata: { eventType, payload },
    }));

const settingSchema = z.object({ now: z.string(), policy: policySchema.omit({ auditChannel: true }) });

/** The policy is read as today's version reads it: with the defaults of what that version did not know. */
export const earlierSetting = (): z.output<typeof settingSchema> =>
  settingSchema.parse(JSON.parse(readFileSync(earlierFile('setting.json'), 'utf8')));
