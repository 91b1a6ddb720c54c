import { expect, test } from 'vitest';
import { asSentence } from '../../../lib/core/base/as-sentence.ts';

test.each([
  ['timed out', 'timed out.'],
  ['Nothing was changed.', 'Nothing was changed.'],
  ['not authorized!', 'not authorized!'],
])('"%s" ends as "%s"', (text, sentence) => {
  expect(asSentence(text)).toBe(sentence);
});
