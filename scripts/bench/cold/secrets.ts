/** What the app shares with the Slack of the measurement. */
export const benchSecrets = {
  signingSecret: '0123456789abcdef0123456789abcdef',
  botToken: 'xoxb-bench',
  botId: 'B0BENCH',
  botUserId: 'U0BENCH',
} as const;
