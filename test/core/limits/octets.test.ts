import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonOctets, withinJsonOctets } from '../../../lib/core/limits/octets.ts';
import { hostileText } from '../../support/hostile-report.ts';

it('cuts any text to its octets as JSON, keeps what fits, and says how much is left out', () => {
  fc.assert(
    fc.property(hostileText(2_000), fc.integer({ min: 50, max: 3_000 }), (text, octets) => {
      const cut = withinJsonOctets(text, octets);
      expect(jsonOctets(cut)).toBeLessThanOrEqual(octets);
      if (jsonOctets(text) <= octets) {
        expect(cut).toBe(text);
        return;
      }
      const left = Number(/… \((\d+) characters more\)$/.exec(cut)?.[1]);
      expect([...text].length - left).toBe([...cut.replace(/… \(\d+ characters more\)$/, '')].length);
    }),
  );
});
