import { describe, expect, it } from 'vitest';
import { type ThreadSubject, understandMention } from '../../../lib/core/grammar/mention.ts';

const one: ThreadSubject = { incidentId: 'endpoint-a.mail.test-1', hostnames: ['a.mail.test'], scope: 'a.mail.test' };
const machine: ThreadSubject = {
  incidentId: 'target-10.0.4.12-unreachable-1',
  hostnames: ['a.mail.test', 'b.mail.test'],
  scope: '10.0.4.12',
};

/** The command line that was understood. */
const lineOf = (text: string, subject?: ThreadSubject): string => {
  const heard = understandMention(text, subject);
  if (heard.kind !== 'understood') return heard.kind;
  return heard.understood.kind === 'command' ? heard.understood.text : heard.understood.kind;
};

describe('a mention', () => {
  it.each([
    ['check', one, 'check a.mail.test'],
    ['Check', one, 'check a.mail.test'],
    ['check', machine, 'check-these'],
    ['check c.mail.test', machine, 'check c.mail.test'],
    ['check <http://c.mail.test|c.mail.test>', machine, 'check c.mail.test'],
    ['mute 2h', machine, 'mute 10.0.4.12 2h'],
    ['mute 2h --reason rack', one, 'mute a.mail.test 2h --reason rack'],
    ['unmute', machine, 'unmute 10.0.4.12'],
    ['show', one, 'show a.mail.test'],
    ['show', machine, 'mistaken'],
    ['status', undefined, 'status'],
    ['check', undefined, 'mistaken'],
    ['', one, 'help'],
    ['help', one, 'help'],
  ])('"%s" is understood by its thread', (text, subject, expected) => {
    expect(lineOf(text, subject)).toBe(expected);
  });

  it.each([
    'add a.mail.test 10.0.4.12',
    'update a.mail.test 10.0.4.12',
    'remove a.mail.test',
    'failover a.mail.test',
    'approve 01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    'undo 01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    'add',
    'check a.mail.test --rcpt someone@example.com',
  ])('"%s" does nothing', (text) => {
    expect(lineOf(text, one)).toBe('not-here');
  });
});
