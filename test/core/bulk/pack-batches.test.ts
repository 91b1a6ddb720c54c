import { describe, expect, it } from 'vitest';
import { packBatches } from '../../../lib/core/bulk/pack-batches.ts';
import { overBatchLimits } from '../../../lib/core/dns/change-batch-limits.ts';
import { changeBatch, makePlan, type Plan } from '../../../lib/core/dns/plan.ts';
import type { Definition } from '../../../lib/core/endpoint/definition.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';

const hostname = (text: string) => {
  const parsed = parseHostname(text);
  if (!('hostname' in parsed)) throw new Error(text);
  return parsed.hostname;
};

const planOf = (name: string, addresses: readonly string[], zoneId = 'Z0CORP'): Plan => {
  const definition: Definition = {
    hostname: hostname(name),
    targets: { kind: 'addresses', addresses },
    port: 25,
    sslMode: 'Auto',
    ttlSeconds: 60,
  };
  return makePlan({
    verb: 'add',
    hostname: definition.hostname,
    zoneId,
    existing: [],
    definitionAfter: definition,
    changeId: '01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    generation: 1,
    policyVersion: 'p',
    now: 0,
  });
};

describe('batches of a bulk', () => {
  it('hold about two hundred names with one address each, and never more than Route 53 takes', () => {
    const parts = Array.from({ length: 1_000 }, (_, index) => ({
      plan: planOf(`n${index}.corp.internal`, ['10.0.0.1']),
    }));
    const batches = packBatches(parts);
    expect(batches.length).toBeLessThanOrEqual(5);
    expect(batches.flat()).toEqual(parts);
    for (const batch of batches) expect(overBatchLimits(batch.flatMap(({ plan }) => changeBatch(plan)))).toEqual([]);
  });

  it('count records as well as characters', () => {
    const addresses = Array.from({ length: 8 }, (_, index) => `10.0.0.${index + 1}`);
    const parts = Array.from({ length: 300 }, (_, index) => ({ plan: planOf(`n${index}.corp.internal`, addresses) }));
    const batches = packBatches(parts);
    expect(batches[0]).toHaveLength(111);
    for (const batch of batches) expect(overBatchLimits(batch.flatMap(({ plan }) => changeBatch(plan)))).toEqual([]);
  });

  it('are of one zone each', () => {
    const parts = ['Z0ONE', 'Z0TWO', 'Z0ONE'].map((zoneId, index) => ({
      plan: planOf(`n${index}.corp.internal`, ['10.0.0.1'], zoneId),
    }));
    expect(packBatches(parts).map((batch) => batch.map(({ plan }) => plan.zoneId))).toEqual([
      ['Z0ONE', 'Z0ONE'],
      ['Z0TWO'],
    ]);
  });
});
