import type { ExplainStage } from './explanation.ts';

const words: Readonly<Record<ExplainStage, string>> = {
  resolve: 'DNS lookup',
  connect: 'connecting',
  banner: 'greeting (banner)',
  ehlo: 'EHLO',
  starttls: 'STARTTLS',
  tls: 'TLS handshake',
  mail: 'MAIL FROM',
  rcpt: 'RCPT TO',
  data: 'DATA',
  'end-of-data': 'end of data (after the message)',
  accepted: 'accepted by the mail server',
  queue: 'Postal’s queue, not a mail server',
  internal: 'inside Postal, not at a mail server',
};

/** Where it happened, in words; several stages are named as what they are: not told apart by the text. */
export const stagesText = (stages: readonly ExplainStage[]): string => {
  const [first, ...others] = stages.map((stage) => words[stage]);
  if (first === undefined) return 'nothing failed up to here';
  const last = others.pop();
  return last === undefined ? first : `${[first, ...others].join(', ')} or ${last}; the text alone does not tell which`;
};
