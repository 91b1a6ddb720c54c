import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { replyCodes } from '../../lib/core/postal/replies/reply-code.ts';

/** Where a server may refuse, in the order of a session; `eod` is the end of the data. */
const replyStages = ['banner', 'ehlo', 'starttls', 'mail', 'rcpt', 'data', 'eod'] as const;

const code = z.enum(replyCodes);
const labelledReply = z.object({
  id: z.string(),
  stage: z.enum(replyStages),
  /** As on the wire, without line ends. */
  lines: z.array(z.string()).min(1),
  code,
  /** Labels that are just as right. */
  alternatives: z.array(code).default([]),
});
/** A reply of a real mail server, and what it means. */
export type LabelledReply = z.infer<typeof labelledReply>;

/** Reads a file of labelled replies: a JSON array, or with the ending `.jsonl` one a line. Throws when it is not of that form. */
export const readReplies = (file: string): readonly LabelledReply[] => {
  const text = readFileSync(file, 'utf8');
  return z
    .array(labelledReply)
    .parse(JSON.parse(file.endsWith('.jsonl') ? `[${text.trim().replaceAll('\n', ',')}]` : text));
};
