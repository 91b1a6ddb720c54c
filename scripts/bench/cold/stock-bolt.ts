import { App, AwsLambdaReceiver } from '@slack/bolt';
import { benchSecrets } from './secrets.ts';

// Bolt's own first example for Lambda, in TypeScript. Given both bot ids it asks Slack nothing before its first answer, which is kind to it.

const receiver = new AwsLambdaReceiver({ signingSecret: benchSecrets.signingSecret });
const app = new App({
  receiver,
  token: benchSecrets.botToken,
  botId: benchSecrets.botId,
  botUserId: benchSecrets.botUserId,
});

app.command('/postal-endpoint', async ({ ack }) => ack('Hello'));

export const handler = receiver.toHandler();
