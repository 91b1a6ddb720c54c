import { afterAll, beforeAll, describe, test } from 'vitest';
import { headings } from '../../scripts/conformance/headings.ts';
import { missingNeeds, performCheck } from '../../scripts/conformance/steps.ts';
import type { ScratchZone, Subject } from '../../scripts/conformance/subject.ts';

/** Puts an implementation to the whole conformance list, but for the checks that need what its kind does not have. */
export const conformsToRoute53 = (subject: Subject, close: () => Promise<void> = async () => {}): void => {
  describe(`${subject.description} does what Route 53 does`, () => {
    let zone: ScratchZone;
    beforeAll(async () => {
      zone = await subject.zones.create('conformance.internal', subject.vpc, new AbortController().signal);
    });
    afterAll(close);

    describe.each(headings)('$heading', ({ heading, checks }) => {
      const possible = checks.filter((check) => missingNeeds(check, subject).length === 0);
      test.each(possible)('$title', async (check) => {
        const label = `${heading.toLowerCase().replaceAll(' ', '-')}-${checks.indexOf(check)}`;
        await performCheck(check, subject, zone, label, AbortSignal.timeout(subject.checkDeadlineMs));
      });
    });
  });
};
