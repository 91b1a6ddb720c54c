const region = 'eu-central-1';
const accountId = '000000000000';

/** The account that the emulators of the local workspace agree on: nothing in it is real or secret. */
export const localAws = {
  region,
  accountId,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local', sessionToken: 'local-session-token' },
  functionArn: (name: string): string => `arn:aws:lambda:${region}:${accountId}:function:${name}`,
} as const;
