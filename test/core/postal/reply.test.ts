import { describe, expect, it } from 'vitest';
import { capabilitiesOf, isContinue, isSuccess, replyErrorOf } from '../../../lib/core/postal/reply.ts';

describe("a reply as Postal's client reads it", () => {
  it.each([
    ['250 ok\n', true],
    ['2\n', true],
    ['2xx hello\n', true],
    ['220-ftp\n550 no\n', true],
    ['354 go on\n', false],
    [' 220 hi\n', false],
    ['\n', false],
  ])('%j is a success: %s', (said, success) => {
    expect(isSuccess(said)).toBe(success);
  });

  it('goes on with DATA at any 3…', () => {
    expect([isContinue('354 go\n'), isContinue('300\n'), isContinue('250 ok\n')]).toEqual([true, true, false]);
  });

  it.each([
    ['421 4.3.2 busy\n', 'busy'],
    ['4\n', 'busy'],
    ['500 what\n', 'syntax'],
    ['503 first\n', 'syntax'],
    ['530 log in\n', 'authentication'],
    ['538 no\n', 'authentication'],
    ['550 no\n', 'fatal'],
    ['521 no mail\n', 'fatal'],
    ['571 no\n', 'fatal'],
    ['354 go\n', 'unknown'],
    ['HTTP/1.1 400\n', 'unknown'],
    ['\n', 'unknown'],
    ['620 odd\n', 'unknown'],
  ])('%j is %s', (said, error) => {
    expect(replyErrorOf(said)).toBe(error);
  });

  it.each<[string, readonly string[] | undefined]>([
    ['250-hi\n250-PIPELINING\n250 STARTTLS\n', ['PIPELINING', 'STARTTLS']],
    ['250-hi\n250 STARTTLS now\n', ['STARTTLS']],
    ['250-hi\n250-\tSTARTTLS\n250 X\n', ['STARTTLS', 'X']],
    ['250-hi\n250=STARTTLS\n', ['STARTTLS']],
    ['250-hi\n550 STARTTLS\n', ['STARTTLS']],
    ['250-hi\n250 starttls\n', ['starttls']],
    ['250-hi\n250STARTTLS\n', ['TARTTLS']],
    ['250-STARTTLS\n250 X\n', ['X']],
    ['250 STARTTLS\n', []],
    ['250-hi\n250\n', ['']],
    ['250-hi\nOK\n', undefined],
    ['250-hi\n\n', undefined],
  ])('knows of %j the keywords %j', (said, keywords) => {
    const known = capabilitiesOf(said);
    expect(known && [...known]).toEqual(keywords);
  });
});
