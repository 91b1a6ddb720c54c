import { describe, expect, it } from 'vitest';
import { formatNameserver, parseNameserver } from '../../../lib/core/postal/nameserver.ts';

describe('parseNameserver', () => {
  it.each([
    ['10.0.0.2', { address: '10.0.0.2', port: 53 }, '10.0.0.2'],
    ['127.0.0.1:5353', { address: '127.0.0.1', port: 5353 }, '127.0.0.1:5353'],
    ['10.0.0.2:53', { address: '10.0.0.2', port: 53 }, '10.0.0.2'],
    ['fd00::2', { address: 'fd00::2', port: 53 }, 'fd00::2'],
    ['[::1]:5353', { address: '::1', port: 5353 }, '[::1]:5353'],
    ['[::1]', { address: '::1', port: 53 }, '::1'],
  ])('reads %s', (text, nameserver, formatted) => {
    expect(parseNameserver(text)).toEqual(nameserver);
    expect(formatNameserver(nameserver)).toBe(formatted);
  });

  it.each([
    '',
    'resolver.example',
    'resolver.example:53',
    '10.0.0',
    '[10.0.0.2]',
    '[10.0.0.2]:53',
    '::1:53:',
    '10.0.0.2:',
    '10.0.0.2:0',
    '10.0.0.2:65536',
    '10.0.0.2:99999',
  ])('refuses %j and says what would be right', (text) => {
    expect(() => parseNameserver(text)).toThrow(/10\.0\.0\.2|1 to 65535/);
  });
});
