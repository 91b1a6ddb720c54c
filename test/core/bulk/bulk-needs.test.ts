import { describe, expect, it } from 'vitest';
import { sizeNeed } from '../../../lib/core/bulk/bulk-needs.ts';
import { examplePolicy } from '../validation/example-policy.ts';

const policy = examplePolicy({
  auditChannel: 'C0AUDIT',
  bulk: { names: 50, share: { of: 0.25, atLeast: 10 }, planMinutes: 60 },
});

describe('a bulk needs a second person for its size', () => {
  it.each([
    [{ names: 50, registeredNames: 0, registry: 0 }, undefined],
    [{ names: 51, registeredNames: 0, registry: 0 }, 'bulk of more than 50 changes'],
    [{ names: 40, registeredNames: 25, registry: 100 }, undefined],
    [{ names: 40, registeredNames: 26, registry: 100 }, 'bulk that changes more than 25 % of the registered names'],
    [{ names: 9, registeredNames: 9, registry: 9 }, undefined],
    [{ names: 10, registeredNames: 10, registry: 10 }, 'bulk that changes more than 25 % of the registered names'],
    [{ names: 40, registeredNames: 0, registry: 0 }, undefined],
  ])('%j', (size, because) => expect(sizeNeed(policy, size)?.because).toBe(because));

  it('asked in its own channel, or in the audit channel', () => {
    const large = { names: 51, registeredNames: 0, registry: 0 };
    expect(sizeNeed(policy, large)?.channelId).toBe('C0AUDIT');
    expect(sizeNeed({ ...policy, bulk: { ...policy.bulk, channel: 'C0MAIL' } }, large)?.channelId).toBe('C0MAIL');
  });
});
