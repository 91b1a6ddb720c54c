import type { ExplainStage, NamedEndpoint } from './explanation.ts';

/** What advice may speak of. */
export type AdviceFacts = {
  readonly endpoint: NamedEndpoint;
  readonly recipientDomain: string | undefined;
  readonly stages: readonly ExplainStage[];
  /** Of the reply that was read. */
  readonly status: number | undefined;
};

/** Words, or how they follow from the facts. */
export type Text = string | ((facts: AdviceFacts) => string);
/** Meaning and remedy of one signature. */
export type Advice = { readonly meaning: Text; readonly remedy: Text };

/** Address and port, as far as the text names them. */
export const where = ({ endpoint: { ip, port, hostname } }: AdviceFacts): string => {
  const host = ip ?? hostname ?? 'the mail server';
  return port === undefined ? host : `${host} port ${port}`;
};

/** The mail server by its name, as far as the text has it. */
export const server = ({ endpoint: { hostname, ip } }: AdviceFacts): string => hostname ?? ip ?? 'the mail server';

/** The endpoint's hostname, which Postal looked up. */
export const name = ({ endpoint: { hostname } }: AdviceFacts): string => hostname ?? 'the hostname of the endpoint';

const lookThere =
  'If it happened after the message was sent, the server may have it already: look there before you send it again, or it arrives twice.';

/** The advice of a broken conversation: by whether it may have broken before the message, after it, or either. */
export const broken = ({ stages }: AdviceFacts, before: string): string =>
  [stages.includes('end-of-data') ? lookThere : '', stages.includes('ehlo') ? before : '', 'Look in the server’s log.']
    .filter((part) => part !== '')
    .join(' ');
