import { expect, test } from 'vitest';
import { sizeText } from '../../../../lib/local/page/block-kit/file-size.ts';

test.each([
  [1, '1 byte'],
  [0, '0 bytes'],
  [999, '999 bytes'],
  [3300, '3.3 KB'],
  [48_400, '48 KB'],
  [16 * 1024 * 1024, '17 MB'],
  [5e12, '5000 GB'],
])('%d is %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
