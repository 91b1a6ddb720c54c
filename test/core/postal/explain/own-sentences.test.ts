import { describe, expect, it, test } from 'vitest';
import { explain } from '../../../../lib/core/postal/explain/explain.ts';
import type { ExplainedItem } from '../../../../lib/core/postal/explain/explanation.ts';

const itemsOf = (text: string): readonly ExplainedItem[] => {
  const explanation = explain(text);
  return explanation.recognised ? explanation.items : [];
};
const summary = (text: string): readonly string[] => itemsOf(text).map(({ code, fate }) => `${code} ${fate}`);

describe('what happens to the mail', () => {
  test.each([
    ['Maximum number of delivery attempts (18) has been reached.', 'attempts-exhausted bounced'],
    ['Invalid endpoint for route.', 'no-endpoint lost'],
    ['invalid endpoint for route (SMTPEndpoint)', 'no-endpoint lost'],
    ['Message does not have a route and/or endpoint available for delivery.', 'no-route lost'],
    ['no route and/or endpoint available for processing, hard failing', 'no-route lost'],
    ['Message has been bounced because the route asks for this. See message <msg:12>', 'route-bounce bounced'],
    [
      "Message's spam score is higher than the failure threshold for this server. Threshold is currently 20.",
      'spam-failed lost',
    ],
    ["message has a spam score higher than the server's maxmimum, hard failing", 'spam-failed lost'],
    ['Message is spam and the route specifies it should be failed.', 'spam-failed lost'],
    ['message is spam and route says to fail spam message, hard failing', 'spam-failed lost'],
    ['Message is likely spam. Threshold is 5 and the message scored 7.1.', 'spam-failed lost'],
    ['Raw message has been removed. Cannot send message.', 'raw-message-gone lost'],
    ['raw message has been removed, not sending', 'raw-message-gone lost'],
    [
      "This message was a bounce but we couldn't link it with any outgoing message and there was no route for it.",
      'unmatched-bounce lost',
    ],
    ['This message was a bounce but we couldn’t link it with any outgoing message', 'unmatched-bounce lost'],
    ['The hold on this message has been removed without action.', 'hold-cancelled lost'],
    ['HoldCancelled', 'hold-cancelled lost'],
    ["Message's domain no longer exist", 'no-domain lost'],
    ["Message doesn't have an RCPT to", 'no-recipient lost'],
    ['Recipient (a@b.example) is on the suppression list (reason: too many hard fails)', 'suppressed held'],
    ['Message held because send limit (100) has been reached.', 'send-limit held'],
    ['server send limit has been exceeded, holding', 'send-limit held'],
    ['Credential is configured to hold all messages authenticated by it.', 'credential-hold held'],
    ['Server is in development mode.', 'development-mode held'],
    ['server is in development mode, holding', 'development-mode held'],
    ['Mail server has been suspended. No e-mails can be processed at present.', 'suspended held'],
    ['server is suspended, holding message', 'suspended held'],
    ['Message placed into quarantine.', 'quarantined held'],
    ['message is spam and route says to quarantine spam message, holding', 'quarantined held'],
    ['Message has been processed.', 'processed processed'],
    ['This has been detected as a bounce message for <msg:7>.', 'processed processed'],
    ['Received a 404 from https://hooks.corp.example/in', 'http-refused bounced'],
    ['Received a 429 from https://hooks.corp.example/in', 'http-rate-limited lost'],
    ['Received a 503 from https://hooks.corp.example/in', 'http-unavailable retried'],
    ['Received a -2 from https://hooks.corp.example/in', 'http-unavailable retried'],
    ['Received a 200 from https://hooks.corp.example/in', 'http-accepted sent'],
    ["Destination 'hooks.corp.internal' (10.0.4.12) is not permitted", 'destination-not-permitted open'],
    ['没有可用的SMTP服务器', 'no-server retried'],
  ])('%s', (text, expected) => {
    expect(summary(text)).toEqual([expected]);
  });

  it('says outright that no bounce is sent where none is', () => {
    for (const { fate, postal } of itemsOf('Invalid endpoint for route.')) {
      expect(fate).toBe('lost');
      expect(postal).toContain('no bounce');
    }
  });

  test.each([
    ['Processed\nMessage has been accepted but not sent to any endpoints.', 'accepted-unsent processed'],
    ['Held\nMessage has been accepted but not sent to any endpoints.', 'held-by-route held'],
    ['{"status":"Held","details":"Message has been accepted but not sent to any endpoints."}', 'held-by-route held'],
    [
      '{"status":"Processed","details":"Message has been accepted but not sent to any endpoints."}',
      'accepted-unsent processed',
    ],
    ['Message has been accepted but not sent to any endpoints.', 'accepted-or-held open'],
  ])('accepted and sent nowhere, by its status: %j', (text, expected) => {
    expect(summary(text)).toEqual([expected]);
  });

  it('says both where the status is not known', () => {
    const [item] = itemsOf('Message has been accepted but not sent to any endpoints.');
    expect(item?.postal).toMatch(/Processed.*Held/);
  });
});

describe('the words of 2.x', () => {
  test.each([
    [
      'Message for a@corp.example accepted by gitlab.mail.corp.internal (10.0.4.12)',
      'accepted sent',
      { hostname: 'gitlab.mail.corp.internal', ip: '10.0.4.12' },
    ],
    [
      'Temporary SMTP delivery error when sending to mx.corp.internal (10.0.4.12)',
      'temporary retried',
      { hostname: 'mx.corp.internal', ip: '10.0.4.12' },
    ],
    [
      'Permanent SMTP delivery error when sending to mx.corp.internal (10.0.4.12)',
      'permanent bounced',
      { hostname: 'mx.corp.internal', ip: '10.0.4.12' },
    ],
    [
      'No SMTP servers were available for corp.example. Tried mx.corp.internal',
      'none-connected retried',
      { hostname: 'mx.corp.internal' },
    ],
    ['Could not resolve mx.corp.internal', 'no-hosts retried', { hostname: 'mx.corp.internal' }],
  ])('%s', (text, expected, endpoint) => {
    expect(summary(text)).toEqual([expected]);
    expect(itemsOf(text)[0]?.endpoint).toEqual(endpoint);
  });
});

describe('numbers end at the line’s end', () => {
  const refused = (port: number, next: string): string =>
    `Connection refused - connect(2) for "10.0.4.12" port ${port}\n${next}`;

  test.each([
    [25, '2026-11-29 20:37:03 +0000 INFO  message requeued for trying later'],
    [25, '26 messages wait'],
    [587, '0'],
    [2525, '9 more'],
  ])('port %i before %j', (port, next) => {
    expect(itemsOf(refused(port, next))[0]?.endpoint).toEqual({ ip: '10.0.4.12', port });
  });
});

describe('details inside JSON', () => {
  const body = (details: string, output: string): string =>
    JSON.stringify({
      event: 'MessageDeliveryFailed',
      timestamp: 1795984623.167735,
      payload: {
        message: { id: 2, subject: 'spam quota greylist', spam_status: 'NotSpam' },
        status: 'HardFail',
        details,
        output,
        sent_with_ssl: false,
        time: null,
      },
    });

  test.each([
    ['550 No such user here', 'reply-user-unknown'],
    ['550 5.7.1 Relay access denied', 'reply-relay-denied'],
    ['552 Mailbox full\n', 'reply-mailbox-full'],
    ['554 no', 'reply-permanent'],
  ])('%j', (output, code) => {
    const details = 'Permanent SMTP delivery error when sending to 10.0.4.12:25 (mx.corp.internal)';
    expect(itemsOf(body(details, output)).map((item) => item.code)).toEqual([code]);
    expect(itemsOf(`"output":${JSON.stringify(output)}`).map((item) => item.code)).toEqual([code]);
    expect(itemsOf(JSON.stringify({ output, sent_with_ssl: false })).map((item) => item.code)).toEqual([code]);
  });
});
