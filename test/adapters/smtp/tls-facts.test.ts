import { describe, expect, it } from 'vitest';
import { runSmtpSession } from '../../../lib/adapters/smtp/smtp-session.ts';
import { createTlsTrust } from '../../../lib/adapters/smtp/tls-context.ts';
import type { TlsFacts } from '../../../lib/core/probe-report/report.ts';
import { type Certificate, type CertificateOptions, makeCertificate } from '../../support/certificate.ts';
import { mailServer, startScript } from '../../support/smtp-script.ts';

const hostname = 'mail.example.test';

const factsOf = async (certificate: Certificate, ca?: string, name = hostname): Promise<TlsFacts> => {
  await using server = await startScript(mailServer({ certificate, implicitTls: true }));
  const target = {
    hostname: name,
    ip: '127.0.0.1',
    port: server.port,
    sslMode: 'TLS',
    encryption: 'implicit',
  } as const;
  const budgets = {
    connectBudgetMs: 10_000,
    replyBudgetMs: 10_000,
    postalOpenTimeoutMs: 10_000,
    postalReadTimeoutMs: 10_000,
  };
  const settings = {
    heloHostname: 'postal.example.test',
    tls: createTlsTrust(ca === undefined ? undefined : [ca]),
    ...budgets,
  };
  const { tls } = (await runSmtpSession(target, settings, new AbortController().signal)).facts;
  if (tls === undefined) throw new Error('no TLS');
  return tls;
};

describe('tlsFacts', () => {
  it.each<[string, CertificateOptions, string]>([
    ['P-256', { key: 'ec:prime256v1' }, 'EC prime256v1'],
    ['Ed25519', { key: 'ed25519' }, 'ED25519'],
    ['RSA', { key: 'rsa:2048' }, 'RSA 2048'],
  ])('names the key: %s', async (_name, options, key) => {
    expect((await factsOf(await makeCertificate(options))).certificate?.key).toBe(key);
  });

  it('takes a weak key as a fact, with the error that a verifying client would meet', async () => {
    const { certificate } = await factsOf(await makeCertificate({ key: 'rsa:1024' }));
    expect(certificate).toMatchObject({ key: 'RSA 1024', chainError: expect.stringMatching(/.+/) });
  });

  it('takes an expired certificate as a fact', async () => {
    const expired = await makeCertificate({ days: -3 });
    const { certificate } = await factsOf(expired, expired.cert);
    expect(certificate?.chainError).toBe('CERT_HAS_EXPIRED');
    const ageMs = Date.now() - Date.parse(certificate?.notAfter ?? '');
    expect(Math.round(ageMs / 86_400_000)).toBe(3);
    expect(Date.parse(certificate?.notBefore ?? '')).toBeLessThan(Date.parse(certificate?.notAfter ?? ''));
  });

  it.each<[string, CertificateOptions, string]>([
    ['self-signed', {}, 'self-signed certificate'],
    ['self-signed and expired', { days: -3 }, 'self-signed certificate'],
    ['of a weak key', { key: 'rsa:1024' }, 'EE certificate key too weak'],
  ])('names the error at which Postal gives up, not the last one: %s', async (_name, options, chainErrorText) => {
    expect((await factsOf(await makeCertificate(options))).certificate).toMatchObject({ chainErrorText });
  });

  it('names the date of an expired certificate that is trusted', async () => {
    const authority = await makeCertificate({ commonName: 'Example CA', subjectAltNames: [], isAuthority: true });
    const leaf = await makeCertificate({ issuer: authority, days: -3 });
    expect((await factsOf(leaf, authority.cert)).certificate).toMatchObject({
      chainErrorText: 'certificate has expired',
    });
    expect((await factsOf(leaf)).certificate).toMatchObject({
      chainErrorText: 'unable to get local issuer certificate',
    });
  });

  it('tells an unknown authority from a trusted one', async () => {
    const authority = await makeCertificate({ commonName: 'Example CA', subjectAltNames: [], isAuthority: true });
    const leaf = await makeCertificate({ issuer: authority });
    const unknown = (await factsOf(leaf)).certificate;
    const chainErrorText = 'unable to get local issuer certificate';
    expect(unknown).toMatchObject({
      issuer: 'CN=Example CA',
      selfSigned: false,
      chainError: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      chainErrorText,
    });
    expect((await factsOf(leaf, authority.cert)).certificate).not.toHaveProperty('chainError');
  });

  it.each<[readonly string[], string, boolean]>([
    [['DNS:mail.example.test'], hostname, true],
    [['DNS:*.example.test'], hostname, true],
    [['DNS:other.example.test', 'IP:127.0.0.1'], hostname, false],
    [['DNS:*.test'], hostname, false],
    [['DNS:mail.example.test'], 'mail.example.test.', true],
  ])('%j names %s: %s', async (subjectAltNames, name, nameMatches) => {
    expect(
      (await factsOf(await makeCertificate({ commonName: 'x', subjectAltNames }), undefined, name)).certificate
        ?.nameMatches,
    ).toBe(nameMatches);
  });

  it('lists the names without their kind', async () => {
    const { certificate } = await factsOf(
      await makeCertificate({ subjectAltNames: ['DNS:a.example.test', 'IP:127.0.0.1', 'email:root@example.test'] }),
    );
    expect(certificate?.subjectAltNames).toEqual(['a.example.test', '127.0.0.1', 'email:root@example.test']);
  });

  it('says how many names it left out', async () => {
    const subjectAltNames = Array.from({ length: 150 }, (_, index) => `DNS:h${index}.example.test`);
    const names = (await factsOf(await makeCertificate({ subjectAltNames }))).certificate?.subjectAltNames;
    expect(names).toHaveLength(101);
    expect(names?.at(-1)).toBe('… (50 names more)');
  });
});
