import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { cleaned } from '../../../../lib/core/postal/replies/cleaned.ts';
import { readReply } from '../../../../lib/core/postal/replies/find-replies.ts';
import { meaningOf } from '../../../../lib/core/postal/replies/meaning.ts';
import type { ReplyPhase } from '../../../../lib/core/postal/replies/reply-code.ts';
import { type LabelledReply, readReplies } from '../../../../scripts/replies/labelled-reply.ts';

const fixture = (name: string): readonly LabelledReply[] =>
  readReplies(new URL(`../../../fixtures/replies/${name}`, import.meta.url).pathname);
const labelled = [...fixture('collected.json'), ...fixture('known.json'), ...fixture('varied.jsonl')];

const phaseOf = ({ stage }: LabelledReply): ReplyPhase =>
  stage === 'data' ? 'data' : stage === 'mail' || stage === 'rcpt' || stage === 'eod' ? 'transaction' : 'connecting';

test.each(labelled.map((reply) => [`${reply.id} ${reply.lines.join(' ')}`.slice(0, 90), reply] as const))(
  '%s',
  (_, reply) => {
    expect([reply.code, ...reply.alternatives]).toContain(meaningOf(reply.lines.join('\n'), phaseOf(reply)));
  },
);

/** Words that mean something in a server's own text. */
const traps = [
  'relay',
  'spam',
  'quota',
  'greylist',
  'spf',
  'dkim',
  'blocklist',
  'virus',
  'starttls',
  'unknown-user',
  'mailbox-full',
  'helo',
  'ptr',
  'loop',
  'busy',
  'sender',
];
const trap = fc.constantFrom(...traps);
const domain = fc
  .tuple(trap, fc.constantFrom('example', 'corp.example', 'mail.corp.internal'))
  .map((parts) => parts.join('.'));
const address = fc.tuple(trap, domain).map((parts) => parts.join('@'));

describe('what a server quotes does not count', () => {
  test.each([
    ['554 5.7.1 <ADDRESS>: Relay access denied', 'reply-relay-denied'],
    ['550 5.1.1 <ADDRESS>: Recipient address rejected: User unknown in relay recipient table', 'reply-user-unknown'],
    ['550 5.1.1 User unknown: ADDRESS', 'reply-user-unknown'],
    ['552 5.2.2 <ADDRESS> over quota', 'reply-mailbox-full'],
    ['550 5.7.1 <DOMAIN[10.0.4.7]>: Client host rejected: Access denied', 'reply-client-refused'],
    ['451 4.3.0 <ADDRESS>: Temporary lookup failure', 'reply-server-fault'],
    ['550 5.7.1 see https://DOMAIN/relay?q=TRAP', 'reply-permanent'],
    ['450 4.0.0 host DOMAIN[10.0.9.3] has no time now', 'reply-temporary'],
    ['550 ADDRESS no', 'reply-permanent'],
  ])('%s', async (template, code) => {
    await fc.assert(
      fc.property(address, domain, trap, (anAddress, aDomain, word) => {
        const said = template.replace('ADDRESS', anAddress).replace('DOMAIN', aDomain).replace('TRAP', word);
        expect(meaningOf(said, 'transaction'), said).toBe(code);
      }),
    );
  });

  it('keeps a word in brackets that is the server’s own', () => {
    expect(cleaned('[SPF] 10.0.4.7 may not send for <a@b.example>')).toBe('[spf] may not send for');
  });
});

describe('the text decides before the codes', () => {
  const codes = fc.constantFrom('450', '451', '452', '454', '550', '552', '553', '554');
  const enhanced = fc.constantFrom('', '7.1 ', '1.1 ', '2.0 ', '3.2 ', '7.0 ', '5.1 ');
  test.each([
    ['Relay access denied', 'reply-relay-denied'],
    ['Client host rejected: cannot find your reverse hostname', 'reply-no-reverse-dns'],
    ['Helo command rejected: Host not found', 'reply-helo-refused'],
    ['User unknown in virtual alias table', 'reply-user-unknown'],
    ['Too many received headers', 'reply-mail-loop'],
    ['mailbox full', 'reply-mailbox-full'],
    ['blocked using zen.spamhaus.org; Client host [10.0.4.7]', 'reply-client-refused'],
    ['Sender address rejected: Domain not found', 'reply-sender-unverified'],
    ['message rejected by DMARC policy', 'reply-origin-refused'],
    ['Greylisted, try again in 300 seconds', 'reply-greylisted'],
  ])('%s', async (text, code) => {
    await fc.assert(
      fc.property(codes, enhanced, (status, detail) => {
        const said = `${status} ${detail === '' ? '' : `${status.charAt(0)}.${detail}`}${text}`;
        expect(meaningOf(said, 'transaction'), said).toBe(code);
      }),
    );
  });

  test.each([
    ['550 5.1.1 用户不存在', 'reply-user-unknown'],
    ['452 4.2.2 Postfach voll', 'reply-mailbox-full'],
    ['550 Mensaje rechazado', 'reply-permanent'],
    ['450 Попробуйте позже', 'reply-temporary'],
    ['550 5.7.1 nein', 'reply-permanent'],
    ['454 nein', 'reply-temporary'],
  ])('another language is left to the codes: %s', (said, code) => {
    expect(meaningOf(said, 'transaction')).toBe(code);
  });
});

describe('a reply is seen', () => {
  test.each([
    ['550 Message too big!', 'reply-too-large'],
    ['550 Message denied', 'reply-permanent'],
    ['553 sorry, that domain isn’t in my list of allowed rcpthosts (#5.7.1)', 'reply-relay-denied'],
    ['550 Mailbox unknown', 'reply-user-unknown'],
    ['550 msg blocked: virus', 'reply-content-refused'],
    ['450 seconds later maybe', 'reply-temporary'],
    ['550 Times up', 'reply-permanent'],
    ['550', 'reply-permanent'],
  ])('%s', (said, code) => {
    expect(meaningOf(said, 'transaction')).toBe(code);
  });

  it('with all its lines, however they are broken', () => {
    const lines = ['550-5.7.26 This mail has been blocked', '550-5.7.26 because of the', '550 5.7.26 SPF record'];
    expect(readReply(lines.join('\n'))?.words).toContain('SPF record');
    expect(meaningOf(lines.join('\r\n'), 'transaction')).toBe('reply-origin-refused');
  });

  it('once, where it quotes another', () => {
    const said =
      '450 4.1.1 <a@b.example>: Recipient address rejected: undeliverable address: host mx[10.0.9.3] said: 550 5.1.1 User doesn’t exist';
    expect(readReply(said)).toMatchObject({ status: 450, enhanced: '4.1.1' });
    expect(meaningOf(said, 'transaction')).toBe('reply-user-unknown');
  });

  it('never throws, and is quick', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const phase of ['connecting', 'transaction', 'data'] as const) meaningOf(`550 ${text}`, phase);
      }),
    );
    const started = performance.now();
    for (const piece of ['sender ', 'mailbox size exceed ', '<', 'a.', '[1', 'ip address ', 'too many ', ' '])
      meaningOf(`550 ${piece.repeat(20_000)}`, 'transaction');
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
