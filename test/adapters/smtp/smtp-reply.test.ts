import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Reading, ReplyReader, replyLimits } from '../../../lib/adapters/smtp/smtp-reply.ts';

const readAll = (chunks: readonly Buffer[]): readonly Reading[] => {
  const reader = new ReplyReader();
  for (const chunk of chunks) reader.push(chunk);
  const readings: Reading[] = [];
  for (let reading = reader.next(); reading; reading = reader.next()) readings.push(reading);
  return readings;
};

const read = (text: string): readonly Reading[] => readAll([Buffer.from(text)]);

const cut = (bytes: Buffer, sizes: readonly number[]): readonly Buffer[] => {
  const chunks: Buffer[] = [];
  let start = 0;
  for (const size of sizes) {
    chunks.push(bytes.subarray(start, start + size));
    start += size;
  }
  return [...chunks, bytes.subarray(start)];
};

describe('ReplyReader', () => {
  it.each([
    ['220 ready\r\n', { code: 220, lines: ['220 ready'] }],
    ['220\r\n', { code: 220, lines: ['220'] }],
    ['250-a\r\n250-b\r\n250 c\r\n', { code: 250, lines: ['250-a', '250-b', '250 c'] }],
    ['250-a\n250 b\n', { code: 250, lines: ['250-a', '250 b'] }],
    ['550 5.7.1 no\r\n', { code: 550, lines: ['550 5.7.1 no'], enhancedStatus: '5.7.1' }],
    [
      '450-4.2.0 greylisted\r\n450 4.2.0 later\r\n',
      { code: 450, lines: ['450-4.2.0 greylisted', '450 4.2.0 later'], enhancedStatus: '4.2.0' },
    ],
    ['550 4.7.1 a status of another class\r\n', { code: 550, lines: ['550 4.7.1 a status of another class'] }],
    ['220 1.2.3.4 is my address\r\n', { code: 220, lines: ['220 1.2.3.4 is my address'] }],
    ['220 grüß dich\r\n', { code: 220, lines: ['220 grüß dich'] }],
  ])('reads %j', (text, reply) => {
    expect(read(text)).toEqual([{ kind: 'reply', reply }]);
  });

  it.each([
    ['* OK\r\n', 'foreign'],
    ['\r\n', 'foreign'],
    ['22 x\r\n', 'foreign'],
    ['2200 x\r\n', 'foreign'],
    ['220x\r\n', 'foreign'],
    ['120 x\r\n', 'malformed'],
    ['620 x\r\n', 'malformed'],
    ['220-a\r\n221 b\r\n', 'malformed'],
    ['220-a\r\nb\r\n', 'malformed'],
    ['220-a\r\n\r\n', 'malformed'],
    [`220 ${'x'.repeat(replyLimits.lineOctets)}\r\n`, 'too-long'],
    [`${`220-${'x'.repeat(1000)}\r\n`.repeat(10)}220 x\r\n`, 'too-long'],
    [`${'220-x\r\n'.repeat(replyLimits.replyLines + 1)}220 x\r\n`, 'too-long'],
  ])('holds %j for %s, and reads on', (text, kind) => {
    expect(read(`${text}250 later\r\n`).map((reading) => reading.kind)).toEqual([kind, 'reply']);
  });

  it.each([
    ['SSH-2.0-x\r\nmore\r\n', 'SSH-2.0-x\nmore\n'],
    ['220-a\r\n550 b\r\n', '220-a\n550 b\n'],
    ['\r\n', '\n'],
    ['22\n', '22\n'],
  ])('keeps of %j what Postal takes for the reply', (text, taken) => {
    expect(read(text)).toMatchObject([{ text: taken }]);
  });

  it('keeps what was not taken', () => {
    const reader = new ReplyReader();
    reader.push(Buffer.from('220 go\r\n250-more\r\n25'));
    expect(reader.next()).toMatchObject({ kind: 'reply' });
    expect(reader.hasUnread).toBe(true);
    expect(reader.unread()).toBe('250-more\n25');
  });

  it('says early that what comes is no SMTP', () => {
    const after = (text: string): string | undefined => {
      const reader = new ReplyReader();
      reader.push(Buffer.from(text));
      return reader.breach?.kind;
    };
    expect(
      ['', '22', '220', '220 x', '220-a\r\nx', '+OK', '\x16\x03', 'SSH-2.0\r\n', '220-a\r\n221-b\r\n'].map(after),
    ).toEqual([undefined, undefined, undefined, undefined, undefined, 'foreign', 'foreign', 'foreign', 'malformed']);
  });

  it('reads the same from the same bytes in any chunks', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '220 ok\r\n',
        '250-more\r\n',
        '250 last\r\n',
        '550 5.1.1 no\n',
        '\r\n',
        '\r',
        'x',
        '354',
        'SSH-2.0\r\n',
        '220-x\r\n'.repeat(60),
      ),
      fc.string({ maxLength: 20 }),
      fc.nat(3000).map((length) => 'y'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(40), { maxLength: 200 }), (lines, sizes) => {
        const bytes = Buffer.from(lines.join(''));
        expect(readAll(cut(bytes, sizes))).toEqual(readAll([bytes]));
      }),
      { numRuns: 2000 },
    );
  });

  it('holds no more than its limits, whatever is not taken', () => {
    const reader = new ReplyReader();
    for (let count = 0; count < 100_000; count += 1) reader.push(Buffer.from('220-and on and on'));
    expect(reader.unread().length).toBeLessThan(replyLimits.lineOctets + 100);
  });
});
