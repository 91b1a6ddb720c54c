import { expect, it } from 'vitest';
import { recordedOf } from '../../../../lib/core/postal/predictions/recorded.ts';

const tried = 'No SMTP servers were available for acme.example. Tried gitlab.mail.corp.internal.';
const temporary = 'Temporary SMTP delivery error when sending to 10.0.4.12:25 (gitlab.mail.corp.internal)';
const permanent = 'Permanent SMTP delivery error when sending to 10.0.4.12:25 (gitlab.mail.corp.internal)';
const dialled = 'connect(2) for "10.0.4.12" port 25';

it.each([
  ['Sent', 'accepted by 10.0.4.12:25 (GitLab.mail.corp.internal.)', null, 'encrypted'],
  ['SoftFail', 'No SMTP servers were available for acme.example. No hosts to try.', null, 'no-address'],
  [
    'SoftFail',
    'No SMTP servers were available for acme.example. Tried old.corp',
    'Could not resolve old.corp',
    'no-address',
  ],
  ['SoftFail', tried, `Connection refused - ${dialled}`, 'not-in'],
  ['SoftFail', tried, 'execution expired', 'not-in'],
  ['SoftFail', tried, `execution expired, No route to host - ${dialled}`, 'not-in'],
  ['SoftFail', tried, 'Net::ReadTimeout with #<TCPSocket:(closed)>', 'not-in'],
  [
    'SoftFail',
    tried,
    'SSL_connect returned=1 errno=0 peeraddr=10.0.4.12:25 state=error: certificate verify failed (certificate has expired)',
    'not-in',
  ],
  ['SoftFail', tried, '454 4.7.0 TLS not available due to local problem', 'not-in'],
  ['SoftFail', tried, '554 5.7.1 Go away', 'not-in'],
  ['SoftFail', tried, '421 4.7.0 Too many connections', 'put-off'],
  ['SoftFail', temporary, '450 4.2.0 Greylisted, try again in 300 seconds', 'later'],
  ['SoftFail', temporary, 'Net::ReadTimeout with #<TCPSocket:(closed)>', 'later'],
  ['HardFail', permanent, '550 5.1.1 <(address)>: Recipient address rejected: user unknown', 'later'],
  [
    'HardFail',
    `${permanent}. Sent bounce message to sender (see message <msg:12>)`,
    '550 5.7.1 Unable to relay',
    'later',
  ],
  [
    'SoftFail',
    'An error occurred while sending the message to 10.0.4.12:25 (gitlab.mail.corp.internal)',
    'Connection reset by peer',
    'later',
  ],
  [
    'HardFail',
    'Maximum number of delivery attempts (18) has been reached. Bounce sent to sender (see message <msg:9>)',
    null,
    'not-tried',
  ],
  ['HardFail', 'Invalid endpoint for route.', null, 'not-tried'],
  ['Held', 'Server is in development mode.', null, 'not-tried'],
  ['HoldCancelled', 'The hold on this message has been removed without action.', null, 'not-tried'],
  ['Processed', 'Message has been accepted but not sent to any endpoints.', null, 'not-tried'],
  [
    'Error',
    'An internal error occurred while sending this message. This message will be retried automatically.',
    'ArgumentError: timeout=0 must be positive',
    'internal-error',
  ],
  ['SoftFail', 'No SMTP servers were avail', null, 'unreadable'],
  ['SoftFail', null, null, 'unreadable'],
  ['HardFail', 'something that no release of Postal says', 'nor a mail server', 'unreadable'],
])('%s: %s %s', (status, details, output, value) => {
  expect(recordedOf({ status, details, output, isEncrypted: true }).value).toBe(value);
});

it('knows whether a message went out encrypted', () => {
  expect(recordedOf({ status: 'Sent', details: null, output: null, isEncrypted: false }).value).toBe('plaintext');
});

it.each([
  ['Sent', 'accepted by 10.0.4.12:2525 (Old.mail.corp.internal.)', null, ['old.mail.corp.internal'], [2525]],
  ['Sent', 'accepted by old.mail.corp.internal (10.0.4.12)', null, ['old.mail.corp.internal'], []],
  ['Sent', null, null, [], []],
  ['SoftFail', tried, `Connection refused - ${dialled}`, ['gitlab.mail.corp.internal'], [25]],
  ['HardFail', permanent, '550 5.1.1 no', ['gitlab.mail.corp.internal'], [25]],
  ['SoftFail', 'No SMTP servers were available for acme.example. No hosts to try.', null, [], []],
])('reads where Postal tried: %s, %s', (status, details, output, hostnames, ports) => {
  expect(recordedOf({ status, details, output, isEncrypted: true })).toMatchObject({ hostnames, ports });
});
