import { expect, it } from 'vitest';
import { assessServer, findingsIn, type RealServer, stagesIn } from '../support/real-server.ts';

type Recipients = {
  readonly sslMode: 'Auto' | 'None';
  /** The stages before MAIL. */
  readonly greeted: readonly string[];
  readonly unknown: string;
  readonly refusal: string;
  /** What `sslMode` gives rise to, whoever the recipient is. */
  readonly findings?: readonly string[];
};

/** What holds of every mail server that has the recipient `user@mail.example.test`, and not `unknown`. */
export const describeRecipients = (
  server: () => RealServer,
  { sslMode, greeted, unknown, refusal, findings = [] }: Recipients,
): void => {
  it('accepts a recipient, and takes the transaction back', async () => {
    const assessment = await assessServer(server(), { sslMode, recipient: 'user@mail.example.test' });
    const stages = ['mail passed', 'rcpt passed', 'rset passed', 'quit passed'];
    expect(stagesIn(assessment.report.addresses[0])).toEqual([...greeted, ...stages]);
    expect(assessment.prediction).toMatchObject({
      class: 'inconclusive',
      inconclusive: { reason: 'message-not-delivered' },
    });
    expect(findingsIn(assessment)).toEqual(findings);
  });

  it('rejects a recipient: Postal bounces at once', async () => {
    const assessment = await assessServer(server(), { sslMode, recipient: unknown });
    const stages = ['mail passed', 'rcpt failed rejected-permanently', 'rset passed', 'quit passed'];
    expect(stagesIn(assessment.report.addresses[0])).toEqual([...greeted, ...stages]);
    expect(assessment.prediction).toMatchObject({ class: 'hardfail', bouncesToSender: true, willRetry: false });
    expect(assessment.prediction.output).toContain(refusal);
    expect(findingsIn(assessment)).toEqual(['critical rcpt-unknown', ...findings]);
  });
};
