import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeReport } from '../../../lib/core/probe-report/report.ts';
import { readContent } from '../../../lib/local/slack/web-api/message-content.ts';
import { type CheckView, checkingMessage, checkMessage } from '../../../lib/messages/check/check-message.ts';
import type { Message } from '../../../lib/messages/message.ts';
import { exampleProfile } from '../../core/validation/example-policy.ts';
import {
  address,
  answered,
  dropping,
  encrypted,
  failed,
  hello,
  implicit,
  passed,
  plain,
  refusing,
  report,
  sampleHost,
  sampleNowMs,
  tls,
} from '../../support/sample-probe.ts';

const messageOf = (probe: ProbeReport, more: Partial<CheckView> = {}): Message =>
  checkMessage({
    hostname: sampleHost,
    port: probe.port,
    sslMode: probe.sslMode,
    asRegistered: true,
    registered: undefined,
    inRoute53: undefined,
    result: { ok: true, report: probe },
    profile: exampleProfile(),
    at: '2026-03-02T14:02:00.000Z',
    nowMs: sampleNowMs,
    commandLine: `check ${sampleHost}`,
    ...more,
  });
const said = ({ blocks }: Message): string => JSON.stringify(blocks);
const untrusted = { chainError: 'DEPTH_ZERO_SELF_SIGNED_CERT', chainErrorText: 'self-signed certificate' };
const kinds = ({ blocks }: Message): string[] => blocks.map(({ type }) => type);
const taken = (message: Message): boolean => {
  let serial = 0;
  const blocks = structuredClone(message.blocks);
  return readContent(
    { text: message.text, blocks, blocksGiven: true, metadata: undefined },
    (prefix) => `${prefix}${++serial}`,
  ).ok;
};

describe('the message of a check', () => {
  it.each([
    ['TLS', exampleProfile(), [implicit('10.0.4.12', untrusted)]],
    ['TLS', exampleProfile(), [implicit('10.0.4.12', untrusted), implicit('10.0.4.13')]],
    // Postal 2 verifies in this mode.
    ['STARTTLS', exampleProfile({ version: '2.3.2' }), [encrypted('10.0.4.12', untrusted)]],
  ] as const)('marks the handshake as failed where mode %s rejects the certificate', (sslMode, profile, addresses) => {
    const { blocks } = messageOf({ ...report(addresses), sslMode }, { profile });
    const table = blocks.find(({ type }) => type === 'table');
    const rows = JSON.stringify(table).split('"tls"')[1] ?? '';
    expect(rows.slice(0, rows.indexOf(']'))).toContain('✗');
  });

  it('gives the verdict first, then addresses, then stages, then findings', () => {
    const message = messageOf(report([encrypted('10.0.4.12', { nameMatches: false })]));
    expect(kinds(message)).toEqual(['context', 'section', 'table', 'section', 'context', 'context', 'actions']);
    const text = said(message);
    const places = [
      'Postal will get in, encrypted.',
      '`10.0.4.12`',
      'session-ticket',
      'does not cover',
      'Certificate:',
    ].map((part) => text.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(message.text).toBe(`✅ ${sampleHost}, port 25, Auto: Postal will get in, encrypted.`);
  });

  it('opens the remedy of the first finding, and keeps the others to a line', () => {
    const text = said(messageOf(report([encrypted('10.0.4.12'), refusing('10.0.4.13')])));
    expect(text).toContain(
      '*10.0.4.13 refuses the connection: the host is up, but nothing listens on port 25.*\\n→ Start the mail server',
    );
    expect(text).toContain(
      '⚠️ 1 of 2 addresses does not work (10.0.4.13); Postal gets in at 10.0.4.12 before it tries it. → Fix it',
    );
  });

  it('shows which address Postal settles on, where there is a choice', () => {
    expect(said(messageOf(report([refusing('10.0.4.12'), encrypted('10.0.4.13')])))).toMatch(
      /`10\.0\.4\.13`[^\\]*\*Postal delivers here\*/,
    );
    expect(said(messageOf(report([encrypted('10.0.4.12')])))).not.toContain('settles here');
  });

  it('gives Postal the word where it will fail', () => {
    const message = messageOf(report([refusing('10.0.4.12')]));
    expect(said(message)).toContain('Postal will say:');
    expect(said(message)).toContain('Connection refused - connect(2) for');
    expect(said(messageOf(report([encrypted('10.0.4.12')])))).not.toContain('Postal will say:');
  });

  it('ends the table where the session ended', () => {
    const table = messageOf(
      report([address('10.0.4.12', [passed('connect'), failed('banner', 'closed'), failed('quit', 'closed')])]),
    ).blocks.find(({ type }) => type === 'table');
    expect(JSON.stringify(table)).not.toContain('quit');
    expect(JSON.stringify(table)).toContain('connection closed');
  });

  it('has a column an address where there are several', () => {
    const text = said(messageOf(report([answered, refusing].map((_, index) => refusing(`10.0.4.${index + 1}`)))));
    expect(text).toContain('✗ 1 ms refused');
    expect(text).not.toContain('answer or error');
  });

  it('says loudly that mail is sent in plaintext', () => {
    expect(messageOf(report([plain('10.0.4.12')])).text).toContain('⚠️');
    expect(messageOf(report([plain('10.0.4.12')])).text).toContain('in PLAINTEXT');
  });

  it('says why there was no probe', () => {
    const message = messageOf(report([]), {
      result: { ok: false, failure: { kind: 'busy', message: 'The prober is busy.' } },
    });
    expect(message.text).toContain('❔');
    expect(said(message)).toContain('*Not probed.* The prober is busy.');
  });

  it('says whether this is what is registered', () => {
    expect(said(messageOf(report([encrypted('10.0.4.12')]), { asRegistered: false }))).toContain('not registered');
  });

  it('holds dates in seconds from a second on', () => {
    expect(said(messageOf(report([dropping('10.0.4.12')])))).toContain('10.0 s');
  });

  it('stays within what Slack takes, whatever servers say', () => {
    const words = fc.string({ unit: fc.constantFrom('<', '&', '`', '*', '\n', 'a', '\u202e', '🙂'), maxLength: 3000 });
    void fc.assert(
      fc.property(words, fc.integer({ min: 0, max: 32 }), fc.boolean(), (text, count, inTransaction) => {
        const addresses = Array.from({ length: count }, (_, index) =>
          address(
            `fd00:1111:2222:3333:4444:5555:6666:77${String(index).padStart(2, '0')}`,
            [
              ...hello(text, 'STARTTLS'),
              ...(inTransaction ? [answered('mail', `550 ${text}`)] : [answered('starttls', `454 ${text}`)]),
              failed('quit', 'not-smtp', { detail: text }),
            ],
            {
              banner: `220 ${text}`,
              capabilities: [text],
              tls: tls({
                subject: text,
                issuer: text,
                key: text,
                chainError: text,
                nameMatches: false,
                fingerprint256: String(index),
              }),
            },
          ),
        );
        const probe = report(addresses, { sslMode: 'TLS' });
        expect(taken(messageOf(probe))).toBe(true);
        expect(taken(messageOf({ ...probe, sslMode: 'Auto' }))).toBe(true);
        expect(
          taken(
            messageOf({ ...probe, sslMode: 'None', resolution: { answers: [], cnameChain: [text], addresses: [] } }),
          ),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('escapes what servers say', () => {
    // Cells of a table are raw text to Slack.
    const besidesTable = ({ blocks }: Message): string => JSON.stringify(blocks.filter(({ type }) => type !== 'table'));
    const greeting = messageOf(
      report([{ ...encrypted('10.0.4.12'), banner: '220 <!channel> `code`' }, refusing('10.0.4.13')]),
    );
    expect(besidesTable(greeting)).toContain("`220 &lt;!channel&gt; 'code'`");
    const turned = messageOf(
      report([address('10.0.4.12', [passed('connect'), answered('banner', '554 <!here> go away')])]),
    );
    expect(besidesTable(turned)).not.toContain('<!here>');
    expect(turned.text).not.toContain('<!here>');
  });
});

describe('the message while a check runs', () => {
  it('says what is behind and what takes so long', () => {
    expect(said(checkingMessage('<a>', ['Route 53 has A 10.0.4.12'], 'probing'))).toContain(
      '✓ Route 53 has A 10.0.4.12\\n⏳ probing',
    );
    expect(said(checkingMessage('<a>', [], 'probing'))).toContain('&lt;a&gt;');
  });
});
