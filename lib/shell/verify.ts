import { systemClock } from '../adapters/system-clock.ts';
import { isSlackId } from '../core/base/slack-ids.ts';
import type { Verification } from '../core/ledger/verification.ts';
import type { MessengerFailure } from '../messages/message.ts';
import { longestSince, readOneHostname, readSecretFile, readSince, readTable, withLedger } from './ledger-arguments.ts';
import { readArguments } from './read-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

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
  throw new UsageError(`slack-api-url: "${text}" is not a valid URL. Give one such as https://slack.com/api/.`);
};

/** A file is checked alone: the options of a ledger do not apply to it. */
const verifyFile = async (
  file: string,
  given: { readonly positionals: readonly string[]; readonly json: boolean; readonly [option: string]: unknown },
): Promise<ShellResult> => {
  const beside = ['ledger-table', 'channel', 'slack-token-file'].find((option) => given[option] !== undefined);
  if (beside !== undefined || given.positionals.length > 0)
    throw new UsageError(
      `file: ${beside === undefined ? `"${given.positionals[0]}"` : `--${beside}`} does not apply to --file. Leave it out.`,
    );
  return (await import('./verify-file.ts')).verifyFileInShell(file, given.json);
};

/**
 * `postal-endpoint verify [hostname]`: compares the ledger with the audit channel, with the caller's own credentials, so that nobody has to trust the bot's
 * word about itself. Exit status 0: everything announced is verified; 2: faults; 3: nothing could be verified.
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
  const hostname = await readOneHostname(positionals);
  const table = readTable(values['ledger-table']);
  const { channel: channelId } = values;
  if (channelId === undefined || !isSlackId('channel', channelId))
    throw new UsageError(
      `channel: ${channelId === undefined ? 'give' : `"${channelId}" is not a channel id. Give`} --channel C…, the id of the audit channel.`,
    );
  const sinceMs = await readSince(values.since);
  const slackApiUrl = readUrl(values['slack-api-url']);
  const token = readSecretFile('slack-token-file', values['slack-token-file']);
  const [{ createWebApiWitness }, { readEvidence }, { verify }, { verificationLines }, { oneLine }] = await Promise.all(
    [
      import('../adapters/slack/web-api-witness.ts'),
      import('../app/verify/evidence.ts'),
      import('../app/verify/verify.ts'),
      import('../messages/history/verification-lines.ts'),
      import('../messages/block-kit/blocks.ts'),
    ],
  );
  const witness = createWebApiWitness({ botToken: async () => token, slackApiUrl, clock: systemClock });
  return withLedger(table, async (ledger) => {
    const scope = { channelId, hostname, sinceMs, isWanted: () => true };
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
