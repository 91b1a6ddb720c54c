import type { ExplainStage, NamedEndpoint } from './explanation.ts';

/** Facts that advice may mention. */
export type AdviceFacts = {
  readonly endpoint: NamedEndpoint;
  readonly recipientDomain: string | undefined;
  readonly stages: readonly ExplainStage[];
  /** Status code of the reply. */
  readonly status: number | undefined;
};

/** Fixed text, or text built from the facts. */
export type Text = string | ((facts: AdviceFacts) => string);
/** Meaning and remedy of one signature. */
export type Advice = { readonly meaning: Text; readonly remedy: Text };

/** Address and port, as far as the pasted text has them. */
export const where = ({ endpoint: { ip, port, hostname } }: AdviceFacts): string => {
  const host = ip ?? hostname ?? 'the mail server';
  return port === undefined ? host : `${host} port ${port}`;
};

/** Name of the mail server, else its address, as far as the pasted text has them. */
export const server = ({ endpoint: { hostname, ip } }: AdviceFacts): string => hostname ?? ip ?? 'the mail server';

/** The endpoint's hostname, which Postal looked up. */
export const name = ({ endpoint: { hostname } }: AdviceFacts): string => hostname ?? 'the hostname of the endpoint';

const lookThere =
  'If this happened after the message was sent, the server may already have it: check there before you send it again, or it arrives twice.';

/** Advice on a broken session: `before` if it may have broken before the message was sent, a warning about duplicates if after. */
export const broken = ({ stages }: AdviceFacts, before: string): string =>
  [stages.includes('end-of-data') ? lookThere : '', stages.includes('ehlo') ? before : '', 'Check the server’s log.']
    .filter((part) => part !== '')
    .join(' ');
