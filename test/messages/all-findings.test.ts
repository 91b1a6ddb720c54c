import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Finding, ruleIds } from '../../lib/core/endpoint/finding.ts';
import { messageBudget } from '../../lib/core/limits/limits.ts';
import { findingCodes, severities } from '../../lib/core/postal/findings/finding.ts';
import { boundedResult } from '../../lib/core/probe-report/bounded-report.ts';
import { readContent } from '../../lib/local/slack/web-api/message-content.ts';
import { sections } from '../../lib/messages/block-kit/blocks.ts';
import { charactersOf, fitMessage } from '../../lib/messages/block-kit/fit.ts';
import { checkMessage } from '../../lib/messages/check/check-message.ts';
import { findingTexts } from '../../lib/messages/check/finding-lines.ts';
import type { Message } from '../../lib/messages/message.ts';
import { refusedMessage } from '../../lib/messages/refused-message.ts';
import { exampleProfile } from '../core/validation/example-policy.ts';
import { hostileReport, hostileText } from '../support/hostile-report.ts';
import { sampleHost, sampleNowMs } from '../support/sample-probe.ts';

/** What is sent of a message is taken by Slack and within the budget. */
const fits = (message: Message): void => {
  const { text, blocks } = fitMessage(message);
  let serial = 0;
  const given = { text, blocks: structuredClone(blocks), blocksGiven: true, metadata: undefined };
  expect(readContent(given, (prefix) => `${prefix}${++serial}`)).toMatchObject({ ok: true });
  expect(text.length).toBeLessThanOrEqual(messageBudget.textCharacters);
  expect(charactersOf(blocks)).toBeLessThanOrEqual(messageBudget.characters);
  expect(blocks.length).toBeLessThanOrEqual(messageBudget.blocks);
};

it('a refusal for every reason at once, each about hostile text, fits into a message', () => {
  const sentence = hostileText(4_000);
  const finding = (id: Finding['id'], severity: Finding['severity']) =>
    fc.record({
      id: fc.constant(id),
      severity: fc.constant(severity),
      argument: fc.constantFrom('hostname' as const, 'target' as const, 'note' as const),
      wrong: sentence,
      right: sentence,
    });
  const all = fc.tuple(...ruleIds.flatMap((id) => [finding(id, 'block'), finding(id, 'warn')]));
  fc.assert(
    fc.property(all, fc.option(sentence, { nil: undefined }), (findings, corrected) =>
      fits(refusedMessage('add', findings, corrected)),
    ),
    { numRuns: 20 },
  );
});

it('every finding at servers at once, each quoting hostile text, fits into a message', () => {
  const sentence = hostileText(1_000);
  const all = fc.tuple(
    ...findingCodes.map((code) =>
      fc.record({
        code: fc.constant(code),
        severity: fc.constantFrom(...severities),
        message: sentence,
        remedy: sentence,
      }),
    ),
  );
  fc.assert(
    fc.property(all, (findings) => {
      const texts = findingTexts(findings);
      expect(texts.length).toBeGreaterThan(0);
      fits({ text: texts.join('\n'), blocks: texts.flatMap(sections) });
    }),
    { numRuns: 20 },
  );
});

it('the check of the worst servers, with all that is found at them, fits into a message', () => {
  fc.assert(
    fc.property(hostileReport(sampleHost), (report) => {
      fits(
        checkMessage({
          hostname: sampleHost,
          port: report.port,
          sslMode: report.sslMode,
          asRegistered: true,
          registered: undefined,
          inRoute53: undefined,
          result: boundedResult({ ok: true, report }),
          profile: exampleProfile(),
          at: '2026-03-02T14:02:00.000Z',
          nowMs: sampleNowMs,
          commandLine: `check ${sampleHost}`,
        }),
      );
    }),
    { numRuns: 10 },
  );
});
