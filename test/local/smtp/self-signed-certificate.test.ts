import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../../../lib/local/smtp/self-signed-certificate.ts';

const make = (notBefore: string, notAfter: string) =>
  selfSignedCertificate({
    commonName: 'mail.example.internal',
    altNames: ['mail.example.internal', '*.example.internal', '127.20.0.11'],
    notBeforeEpochMs: Date.parse(notBefore),
    notAfterEpochMs: Date.parse(notAfter),
  });

describe('a self-signed certificate', () => {
  test('says what it was asked to say and is signed with its own key', () => {
    const { cert, key } = make('2026-01-02T03:04:05Z', '2026-04-02T03:04:05Z');
    const certificate = new X509Certificate(cert);
    expect(certificate.subject).toBe('CN=mail.example.internal');
    expect(certificate.issuer).toBe('CN=mail.example.internal');
    expect(certificate.subjectAltName).toBe(
      'DNS:mail.example.internal, DNS:*.example.internal, IP Address:127.20.0.11',
    );
    expect(certificate.validFromDate.toISOString()).toBe('2026-01-02T03:04:05.000Z');
    expect(certificate.validToDate.toISOString()).toBe('2026-04-02T03:04:05.000Z');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect(certificate.checkHost('gitlab.example.internal')).toBe('*.example.internal');
  });

  test('may end after 2049, where the form of a date changes', () => {
    const { cert } = make('2049-12-31T23:59:59Z', '2050-01-01T00:00:00Z');
    expect(new X509Certificate(cert).validFromDate.toISOString()).toBe('2049-12-31T23:59:59.000Z');
    expect(new X509Certificate(cert).validToDate.toISOString()).toBe('2050-01-01T00:00:00.000Z');
  });

  test('is a new one each time', () => {
    const serialNumbers = Array.from(
      { length: 50 },
      () => new X509Certificate(make('2026-01-01', '2026-02-01').cert).serialNumber,
    );
    expect(new Set(serialNumbers).size).toBe(50);
    for (const serialNumber of serialNumbers) expect(serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });
});
