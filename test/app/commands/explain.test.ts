import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageGroup } from '../../../lib/app/queue/message-group.ts';
import { parseMessage } from '../../../lib/app/queue/parse-message.ts';
import { understand, understandLine } from '../../../lib/core/grammar/grammar.ts';
import { slackLimits } from '../../../lib/core/limits/limits.ts';
import { helpMessage } from '../../../lib/messages/help-message.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const tried = `No SMTP servers were available for example.com. Tried ${host}.\nConnection refused - connect(2) for "10.0.4.12" port 25`;

const textOf = (line: string): unknown => {
  const understood = understand(line);
  return understood.kind === 'command' && understood.command.verb === 'explain' ? understood.command.text : understood;
};

describe('the text of explain', () => {
  it.each([
    ['quotes', 'Connection refused - connect(2) for "10.0.4.12" port 25'],
    ['a quote that is never closed', 'for "10.0.4.12 port 25'],
    ['dashes', '-- — -x --port 25 --frobnicate'],
    ['key=value', 'component=worker port=25 share=yes hostname=x'],
    ['several lines', 'one\n  two,  three\n\nfour'],
    ['another verb', 'add gitlab.corp.internal 10.0.4.12'],
    ['a switch in the middle', 'a --share b'],
    ['help in the middle', 'a --help'],
    ['commas and backslashes', ',a,, b\\n \\" c'],
  ])('keeps %s as they are', (_, text) => {
    expect(textOf(`explain ${text}`)).toBe(text);
    expect(textOf(`/postal-endpoint  EXPLAIN\n${text}\n`)).toBe(text);
  });

  it('loses what Slack wraps around links, addresses and angle brackets', () => {
    const sent =
      'explain Tried <http://gitlab.corp.internal|gitlab.corp.internal>. 550 &lt;<mailto:a@b.example|a@b.example>&gt; #&lt;TCPSocket:(closed)&gt; &amp;amp;';
    expect(textOf(sent)).toBe('Tried gitlab.corp.internal. 550 <a@b.example> #<TCPSocket:(closed)> &amp;');
  });

  it.each([
    ['explain --share end of file reached', 'end of file reached', true],
    ['explain end of file reached --share', 'end of file reached', true],
    ['explain —share end of file reached', 'end of file reached', true],
    ['explain end --share of file', 'end --share of file', false],
    ['explain --share --share', '--share', true],
    ['explain --no-share x', '--no-share x', false],
    ['explain share', 'share', false],
  ])('%j: shared only by its first or last word', (line, text, share) => {
    expect(understand(line)).toMatchObject({ kind: 'command', command: { verb: 'explain', text, share } });
  });

  it.each(['explain', '  explain  ', 'explain --share', '/postal-endpoint explain\n'])(
    '%j asks for the text',
    (line) => {
      const understood = understand(line);
      expect(understood).toMatchObject({
        kind: 'mistaken',
        problems: [{ argument: 'text', wrong: 'No text is given.' }],
      });
    },
  );

  it.each(['explain help', 'explain --help', 'explain ?', 'help explain'])('%j gets help, with an example', (line) => {
    expect(understand(line)).toEqual({ kind: 'help', verb: 'explain' });
    expect(JSON.stringify(helpMessage('explain'))).toContain('/postal-endpoint explain No SMTP servers were available');
  });

  it('is offered for a misspelt verb, its text untouched', () => {
    expect(understand('explian for "10.0.4.12" port=25')).toMatchObject({
      kind: 'mistaken',
      suggestion: 'explain for "10.0.4.12" port=25',
    });
  });

  it('comes back from its own normal form, whatever it is', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const understood = understandLine(`explain ${text}`);
        if (understood.kind === 'command') expect(understandLine(understood.text)).toEqual(understood);
      }),
      { numRuns: 5000 },
    );
  });

  it('fits through the queue, in a group of its own', () => {
    const message = workerUnderTest().message(`explain ${tried}`, { requestId: 'request-77' });
    expect(parseMessage(JSON.stringify(message))).toEqual({ ok: true, message });
    expect(messageGroup(message)).toBe('read:request-77');
  });
});

describe('explain', () => {
  it('says what it means, where, what to do and what Postal does, to the person who asked', async () => {
    const worker = workerUnderTest();
    await worker.say(`explain ${tried}`);
    const reply = worker.lastReply();
    for (const part of [
      'refused the connection',
      '*Where:* connecting',
      '`10.0.4.12` port 25',
      '*What to do:*',
      '*Postal:*',
      'about 31 hours',
      'mail for `example.com`',
    ]) {
      expect(reply).toContain(part);
    }
    expect(reply.indexOf('refused the connection')).toBeLessThan(reply.indexOf('*Where:*'));
    expect(worker.messenger.replies.at(-1)?.inChannel).toBe(false);
    expect(worker.probes).toEqual([]);
  });

  it('answers in the channel when asked to share', async () => {
    const worker = workerUnderTest();
    await worker.say(`explain ${tried} --share`);
    expect(worker.messenger.replies.at(-1)?.inChannel).toBe(true);
  });

  it('says how a registered host that is named looks now, with a button to look again', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.say(`explain ${tried}`);
    const reply = worker.lastReply();
    expect(reply).toContain(`\`${host}\` is registered here. Last check`);
    expect(reply).toContain(JSON.stringify(JSON.stringify({ text: `check ${host}` })).slice(1, -1));
    expect(reply).toContain('Check now');
  });

  it('says so where its last probe did not come about', async () => {
    const worker = workerUnderTest();
    worker.over.probe = () => ({ ok: false, failure: { kind: 'unavailable', message: 'The prober does not answer.' } });
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.say(`explain ${tried}`);
    expect(worker.lastReply()).toContain('failed: The prober does not answer.');
  });

  it('says nothing of a host that is not registered, or that the person may not see', async () => {
    const grants = [
      { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
      { name: 'explaining', teams: ['T0TEAM'], verbs: ['explain'] },
    ];
    const worker = workerUnderTest({ policy: { grants } });
    await worker.say(`explain ${tried}`);
    expect(worker.lastReply()).not.toContain('is registered here');
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.say(`explain ${tried}`, { user: 'guest' });
    expect(worker.lastReply()).toContain('refused the connection');
    expect(worker.lastReply()).not.toContain('is registered here');
  });

  it('needs the right', async () => {
    const worker = workerUnderTest({ policy: { grants: [{ name: 'looking', teams: ['T0TEAM'], verbs: ['show'] }] } });
    await worker.say(`explain ${tried}`);
    expect(worker.lastReply()).not.toContain('refused the connection');
  });

  it('lists what it looks for when it recognises nothing, with an example', async () => {
    const worker = workerUnderTest();
    await worker.say('explain why is the mail so slow today');
    expect(worker.lastReply()).toContain('I do not recognise a message of Postal in that text');
    expect(worker.lastReply()).toContain('Net::ReadTimeout');
    expect(worker.lastReply()).toContain(
      '/postal-endpoint explain No SMTP servers were available for example.com. Tried',
    );
  });

  it('escapes what the text holds', async () => {
    const worker = workerUnderTest();
    await worker.say(
      'explain Permanent SMTP delivery error when sending to 10.0.4.12:25 (a&lt;!channel&gt;`b)\n550 5.1.1 *no* &lt;@U0MARIA&gt; `x`',
    );
    const reply = worker.lastReply();
    expect(reply).toContain('&lt;!channel&gt;');
    expect(reply).not.toMatch(/<!channel>|<@U0MARIA>/);
  });

  it('stays within what Slack takes, whatever is pasted', async () => {
    const worker = workerUnderTest();
    const hosts = ['a', 'b', 'c', 'd'].map((name) => `${name}.corp.internal`);
    for (const name of hosts) await worker.say(`add ${name} 10.0.4.12`);
    worker.over.probe = (request) => ({ ok: true, report: healthyReport(request) });
    const texts = [
      Array.from({ length: 60 }, (_, index) => `4${index % 6}0 4.${index % 8}.${index} &lt;&lt;&lt;&amp;`).join('\n'),
      hosts.map((name) => `Cannot connect to 10.0.4.12:25 (${name}) (EOFError: end of file reached)`).join('\n'),
      `Permanent SMTP delivery error when sending to 10.0.4.12:25 (${'&lt;'.repeat(250)})\n550 5.1.1 ${'&amp;'.repeat(700)}`,
      `No SMTP servers were available for ${'a'.repeat(250)}. Tried ${Array.from({ length: 40 }, (_, index) => `h${index}.example`).join(', ')}.\nend of file reached`,
    ];
    for (const text of texts) {
      await worker.say(`explain ${text}`);
      const reply = worker.messenger.replies.at(-1);
      expect(JSON.stringify(reply?.message.blocks).length).toBeLessThan(slackLimits.messageCharacters);
    }
    expect(worker.logged.filter((line) => line.includes('could not be answered'))).toEqual([]);
  });
});
