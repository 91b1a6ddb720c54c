import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgets, lambdaPayloadOctets } from '../../../lib/core/limits/limits.ts';
import { jsonOctets } from '../../../lib/core/limits/octets.ts';
import { assess } from '../../../lib/core/postal/assess.ts';
import { boundedResult } from '../../../lib/core/probe-report/bounded-report.ts';
import { largestBatch } from '../../../lib/core/probe-report/report.ts';
import { probeResultSchema } from '../../../lib/core/probe-report/report-schema.ts';
import { hostileReport, worstReport } from '../../support/hostile-report.ts';
import { encrypted, reply, report } from '../../support/sample-probe.ts';
import { exampleProfile } from '../validation/example-policy.ts';

const seen = { profile: exampleProfile(), nowMs: Date.parse('2026-03-02T14:02:00Z') };

describe('boundedResult', () => {
  it('keeps every report within the budget, readable, whatever servers and resolvers said', () => {
    fc.assert(
      fc.property(hostileReport(`${'a'.repeat(60)}.corp.internal`), (hostile) => {
        const bounded = boundedResult({ ok: true, report: hostile });
        expect(jsonOctets(bounded)).toBeLessThanOrEqual(budgets.probe);
        expect(bounded.ok).toBe(true);
        expect(probeResultSchema.safeParse(bounded).success).toBe(true);
        expect(() => assess(bounded, seen)).not.toThrow();
      }),
      { numRuns: 25 },
    );
  });

  it('lets a full batch of the worst reports through Lambda', () => {
    const worst = boundedResult({ ok: true, report: worstReport('mx.corp.internal') });
    expect(worst.ok).toBe(true);
    expect(jsonOctets(Array.from({ length: largestBatch }, () => worst))).toBeLessThan(lambdaPayloadOctets);
  });

  it('bounds the message of a failure', () => {
    const failure = { kind: 'unavailable', message: '\u0001'.repeat(100_000) } as const;
    expect(jsonOctets(boundedResult({ ok: false, failure }))).toBeLessThan(budgets.probe);
  });

  it('says what it left out, and leaves the verdict as it is', () => {
    const [first] = report([encrypted('10.0.4.12')]).addresses;
    if (first === undefined) throw new Error('no address');
    const keywords = Array.from({ length: 90 }, (_, index) => `X-${index} ${'\u0001'.repeat(80)}`);
    const lines = ['250-mx.corp.internal', ...keywords.map((keyword) => `250-${keyword}`), '250-STARTTLS', '250 HELP'];
    const stages = first.stages.map((stage) => (stage.stage === 'ehlo' ? { ...stage, reply: reply(...lines) } : stage));
    const talkative = report([{ ...first, stages, capabilities: [...keywords, 'STARTTLS', 'HELP'] }]);
    const result = { ok: true, report: talkative } as const;
    const bounded = boundedResult(result, 8_000);
    expect(jsonOctets(bounded)).toBeLessThanOrEqual(8_000);
    expect(JSON.stringify(bounded)).toMatch(/lines more/);
    const [before, after] = [assess(result, seen), assess(bounded, seen)];
    expect(before.ok && before.assessment.prediction.class).toBe(after.ok && after.assessment.prediction.class);
    expect(after.ok && after.assessment.prediction.entry?.security).toBe('tls');
  });

  it('leaves an ordinary report as it is', () => {
    const result = { ok: true, report: report([encrypted('10.0.4.12')]) } as const;
    expect(boundedResult(result)).toBe(result);
  });
});
