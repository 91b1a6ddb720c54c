import { describe, expect, it } from 'vitest';
import { failureOf, failureOfReply } from '../../../lib/adapters/smtp/failure.ts';

const errorWith = (fields: object): Error => Object.assign(new Error('what the system said'), fields);

describe('failureOf', () => {
  it.each([
    [{ code: 'ECONNREFUSED', syscall: 'connect' }, 'refused'],
    [{ code: 'ETIMEDOUT', syscall: 'connect' }, 'timeout'],
    [{ code: 'EHOSTUNREACH', syscall: 'connect' }, 'unreachable'],
    [{ code: 'ENETUNREACH', syscall: 'connect' }, 'unreachable'],
    [{ code: 'EACCES', syscall: 'connect' }, 'unreachable'],
    [{ code: 'ECONNRESET', syscall: 'read' }, 'reset'],
    [{ code: 'ECONNRESET' }, 'closed'],
    [{ code: 'EPIPE', syscall: 'write' }, 'reset'],
    [{}, 'unreachable'],
  ])('%j is %s, in the words of the system', (fields, reason) => {
    expect(failureOf(errorWith(fields))).toEqual({ reason, detail: 'what the system said' });
  });

  it.each([
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'wrong-version'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'wrong-version'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'wrong-version'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'certificate'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'tls-handshake'],
    ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'tls-handshake'],
  ])('%s is %s, in the words of OpenSSL', (code, reason) => {
    expect(failureOf(errorWith({ code, reason: 'some reason' }))).toEqual({ reason, detail: 'some reason' });
  });
});

describe('failureOfReply', () => {
  it.each([
    [421, 'rejected-temporarily'],
    [554, 'rejected-permanently'],
    [354, 'malformed-reply'],
  ])('%i is %s, and keeps the reply', (code, reason) => {
    const reply = { code, lines: [`${code} text`] };
    expect(failureOfReply(reply)).toMatchObject({ reason, reply });
  });
});
