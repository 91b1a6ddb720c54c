import { systemClock } from '../adapters/system-clock.ts';
import { isSlackId } from '../core/base/slack-ids.ts';
import type { Verification } from '../core/ledger/verification.ts';
import type { MessengerFailure } from '../messages/message.ts';
import { longestSince, readSecretFile, readSince, readTable, withLedger } from './ledger-arguments.ts';
import { readArguments, type ShellResult, UsageError } from './shell-result.ts';

const deadlineMs = 600_000;

const exitCodes: Readonly<Record<Verification['verdict'], ShellResult['exitCode']>> = {
  verified: 0,
  faults: 2,
  'nothing-verified': 3,
};

const unseen = (failure: MessengerFailure): string => {
  switch (failure.kind) {
    case 'refused':
      return failure.code;
    case 'rate-limited':
      return `it asks to wait ${failure.retryAfterSeconds} s`;
    case 'unreachable':
      return failure.message;
  }
};

const readUrl = (text: string): string => {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new UsageError(`slack-api-url: "${text}" is no address such as https://slack.com/api/.`);
};

/** A file is checked by itself: whatever belongs to a ledger has no place beside it. */
const verifyFile = async (
  file: string,
  given: { readonly positionals: readonly string[]; readonly json: boolean; readonly [option: string]: unknown },
): Promise<ShellResult> => {
  const beside = ['ledger-table', 'channel', 'slack-token-file'].find((option) => given[option] !== undefined);
  if (beside !== undefined || given.positionals.length > 0)
    throw new UsageError(
      `file: ${beside === undefined ? `"${given.positionals[0]}"` : `--${beside}`} has no meaning with --file, which is checked whole and by itself.`,
    );
  return (await import('./verify-file.ts')).verifyFileInShell(file, given.json);
};

/**
 * `postal-endpoint verify [hostname]`: holds the ledger against the audit channel, with credentials of one's own, so that nobody has to believe the bot about itself.
 * Ends with 0 where all that was announced is verified, 2 with faults, 3 where nothing could be told.
 */
export const verifyInShell = async (args: readonly string[]): Promise<ShellResult> => {
  const { values, positionals } = readArguments(args, {
    'ledger-table': { type: 'string' },
    channel: { type: 'string' },
    since: { type: 'string', default: longestSince },
    'slack-token-file': { type: 'string' },
    'slack-api-url': { type: 'string', default: 'https://slack.com/api/' },
    file: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  if (values.file !== undefined) return verifyFile(values.file, { ...values, positionals });
  const [name, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one hostname too many. Give one, or none to verify all.`);
  const table = readTable(values['ledger-table']);
  const { channel: channelId } = values;
  if (channelId === undefined || !isSlackId('channel', channelId))
    throw new UsageError(
      `channel: ${channelId === undefined ? 'give' : `"${channelId}" is no channel id. Give`} --channel C…, the id of the audit channel.`,
    );
  const sinceMs = await readSince(values.since);
  const slackApiUrl = readUrl(values['slack-api-url']);
  const token = readSecretFile('slack-token-file', values['slack-token-file']);
  const [{ parseHostname }, { createWebApiWitness }, { readEvidence }, { verify }, { verificationLines }, { oneLine }] =
    await Promise.all([
      import('../core/endpoint/hostname.ts'),
      import('../adapters/slack/web-api-witness.ts'),
      import('../app/verify/evidence.ts'),
      import('../app/verify/verify.ts'),
      import('../messages/history/verification-lines.ts'),
      import('../messages/block-kit/blocks.ts'),
    ]);
  const parsed = name === undefined ? undefined : parseHostname(name);
  if (parsed !== undefined && 'findings' in parsed)
    throw new UsageError(`hostname: "${name}" is none. Write it in full, such as gitlab.mail.corp.internal.`);
  const witness = createWebApiWitness({ botToken: async () => token, slackApiUrl, clock: systemClock });
  return withLedger(table, async (ledger) => {
    const scope = { channelId, hostname: parsed?.hostname, sinceMs, isWanted: () => true };
    const evidence = await readEvidence({ ledger, witness }, scope, systemClock.now(), AbortSignal.timeout(deadlineMs));
    if (!evidence.ok) {
      const text = `postal-endpoint: nothing is verified: Slack did not show the channel ${channelId}: ${unseen(evidence.failure)}`;
      return { text, exitCode: 3 };
    }
    const verification = verify(evidence.value);
    const { head, facts, faults } = verificationLines(verification, { when: (iso) => iso, text: oneLine });
    const lines = [head, ...faults.map((fault) => `  FAULT ${fault}`), ...facts.map((fact) => `  ${fact}`)];
    return {
      text: values.json ? JSON.stringify(verification) : lines.join('\n'),
      exitCode: exitCodes[verification.verdict],
      isAnswer: true,
    };
  });
};
