import * as z from 'zod';
import { explain } from '../../lib/core/postal/explain/explain.ts';
import { checkInShell } from '../../lib/shell/check.ts';
import { asPostalSays, hostname, recipient } from './as-postal-says.ts';
import type { LabelledReply } from './labelled-reply.ts';
import { startReplyingServer } from './replying-server.ts';

const isReply = (code: string): boolean => code.startsWith('reply-');

/** What `explain` makes of the reply, in Postal's own wording at that stage. */
export const explained = (reply: LabelledReply): string | undefined => {
  const explanation = explain(asPostalSays(reply));
  if (!explanation.recognised) return undefined;
  const codes = explanation.items.map(({ code }) => code);
  return codes.find(isReply) ?? codes[0];
};

const checkJson = z.object({ findings: z.array(z.object({ reply: z.string().optional() })) });

/** What `check` makes of the reply, over a real socket. */
export const checked = async (reply: LabelledReply, resolver: string): Promise<string | undefined> => {
  await using server = await startReplyingServer(reply);
  const { text } = await checkInShell([
    hostname,
    '--json',
    ...['--resolver', resolver, '--port', String(server.port), '--ssl-mode', 'Auto'],
    ...['--rcpt', recipient, '--deliver', '--read-timeout', '15', '--helo', 'postal.corp.test'],
  ]);
  return checkJson.parse(JSON.parse(text)).findings.find((finding) => finding.reply !== undefined)?.reply;
};
