import type { StageName } from '../../core/probe-report/report.ts';
import type { SessionTarget } from './session-target.ts';

const greetingStages: Readonly<Record<'plain' | 'starttls' | 'implicit', readonly StageName[]>> = {
  plain: ['connect', 'banner', 'ehlo'],
  starttls: ['connect', 'banner', 'ehlo', 'starttls', 'tls', 'session-ticket', 'ehlo-tls'],
  implicit: ['connect', 'tls', 'banner', 'ehlo'],
};

/** The stages that a session is to go through, but for `helo`, `rset` and `quit`. */
export const planOf = ({ sslMode, encryption, transaction }: SessionTarget): readonly StageName[] => {
  const isSurvey = transaction === undefined && sslMode !== 'None' && sslMode !== 'TLS';
  const kind = encryption === 'implicit' ? 'implicit' : encryption === 'none' && !isSurvey ? 'plain' : 'starttls';
  const after: readonly StageName[] =
    transaction === undefined
      ? []
      : ['mail', 'rcpt', ...(transaction.message === undefined ? [] : (['data', 'end-of-data'] as const))];
  return [...greetingStages[kind], ...after];
};
