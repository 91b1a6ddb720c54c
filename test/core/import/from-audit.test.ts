import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AuditProposal, fromAuditText } from '../../../lib/core/import/from-audit.ts';
import { examplePolicy } from '../validation/example-policy.ts';

const zones = [{ name: 'corp.internal', id: 'Z0CORP', vpcs: [] }];

type Endpoint = {
  readonly name: string;
  readonly hostname: string;
  readonly port?: number | null;
  readonly sslMode?: string | null;
  readonly codes?: readonly string[];
};

const proposed = (
  endpoints: readonly Endpoint[],
  naming: Parameters<typeof fromAuditText>[1] = { zones },
): AuditProposal => {
  const whole = endpoints.map(({ codes = [], port = 25, sslMode = 'Auto', ...rest }, index) => ({
    id: index + 1,
    server: 'acme/mail',
    port,
    sslMode,
    ...rest,
    findings: codes.map((code) => ({ code, severity: 'warning', message: '', remedy: '' })),
  }));
  const proposal = fromAuditText(JSON.stringify({ endpoints: whole, registeredNotInPostal: [] }), naming);
  if (proposal === undefined) throw new Error('not an audit');
  return proposal;
};
const rows = (proposal: AuditProposal): readonly string[] =>
  proposal.rows.map(
    ({ line, hostname, targets, port, sslMode }) => `${line} ${hostname} ${targets} ${port} ${sslMode}`,
  );
const entered = ({ inPostal }: AuditProposal): readonly string[] =>
  inPostal.map(({ id, field, from, to }) => `${id} ${field}: ${from} → ${to}`);

describe('an address in place of a hostname', () => {
  it('gets a name after the endpoint, and Postal gets that name', () => {
    const proposal = proposed([
      { name: 'GitLab', hostname: '10.0.4.12', port: 2525, codes: ['ip-literal'] },
      { name: 'Büro & Co.', hostname: '[FD00::12]', codes: ['ip-literal'] },
      { name: '№ 中', hostname: '10.0.4.14', codes: ['ip-literal'] },
      { name: '3rd floor', hostname: '10.0.4.15', codes: ['ip-literal'] },
    ]);
    expect(rows(proposal)).toEqual([
      '1 gitlab.corp.internal 10.0.4.12 2525 Auto',
      '2 buro-co.corp.internal fd00::12 25 Auto',
      '3 no.corp.internal 10.0.4.14 25 Auto',
      '4 rd-floor.corp.internal 10.0.4.15 25 Auto',
    ]);
    expect(entered(proposal)[0]).toBe('1 Hostname: 10.0.4.12 → gitlab.corp.internal');
    expect(proposal.rows[1]?.name).toBe('Büro & Co.');
  });

  it('gets a name where the policy has its example of one', () => {
    const naming = {
      zones,
      naming: {
        pattern: '^[a-z0-9-]+\\.mail\\.corp\\.internal$',
        severity: 'block',
        example: 'gitlab.mail.corp.internal',
      },
    } as const;
    expect(rows(proposed([{ name: 'Desk', hostname: '10.0.4.12' }], naming))).toEqual([
      '1 desk.mail.corp.internal 10.0.4.12 25 Auto',
    ]);
  });

  it('shares a name with the same address, and never with another', () => {
    const proposal = proposed([
      { name: 'Desk', hostname: '10.0.4.12' },
      { name: 'desk', hostname: '10.0.4.12' },
      { name: 'DESK', hostname: '10.0.4.13' },
    ]);
    expect(rows(proposal)).toEqual([
      '1 desk.corp.internal 10.0.4.12 25 Auto',
      '3 desk-2.corp.internal 10.0.4.13 25 Auto',
    ]);
    expect(entered(proposal)).toEqual([
      '1 Hostname: 10.0.4.12 → desk.corp.internal',
      '2 Hostname: 10.0.4.12 → desk.corp.internal',
      '3 Hostname: 10.0.4.13 → desk-2.corp.internal',
    ]);
  });

  it('never becomes the name of an endpoint that stays', () => {
    expect(
      rows(
        proposed([
          { name: 'Desk', hostname: '10.0.4.12' },
          { name: 'Other', hostname: 'desk.corp.internal', codes: [] },
        ]),
      ),
    ).toEqual(['1 desk-2.corp.internal 10.0.4.12 25 Auto']);
  });

  it('is registered with the mode that Postal should have, not with one that sends plaintext', () => {
    const proposal = proposed([
      { name: 'a', hostname: '10.0.4.12', sslMode: 'STARTTLS', codes: ['ip-literal', 'starttls-plaintext'] },
      { name: 'b', hostname: '10.0.4.13', sslMode: null, port: null, codes: ['ip-literal', 'ssl-mode-missing'] },
      { name: 'c', hostname: '10.0.4.14', sslMode: 'STARTTLS', port: 70_000, codes: ['ip-literal'] },
    ]);
    expect(rows(proposal)).toEqual([
      '1 a.corp.internal 10.0.4.12 25 Auto',
      '2 b.corp.internal 10.0.4.13 null Auto',
      '3 c.corp.internal 10.0.4.14 null STARTTLS',
    ]);
    expect(entered(proposal).filter((line) => line.includes('SSL Mode'))).toEqual([
      '1 SSL Mode: STARTTLS → Auto',
      '2 SSL Mode:  → Auto',
    ]);
  });
});

describe('a name that nobody registered', () => {
  it('is adopted where it is in our zones and has an address, and left to a person elsewhere', () => {
    const proposal = proposed([
      { name: 'a', hostname: 'A.corp.internal.', codes: ['unregistered'] },
      { name: 'b', hostname: 'b.corp.internal', codes: ['unregistered', 'dead-name'] },
      { name: 'c', hostname: 'mail.partner.example', codes: ['unregistered'] },
      { name: 'd', hostname: 'd.corp.internal', codes: ['fails-now'] },
      { name: 'e', hostname: '10.0.4', codes: ['unregistered'] },
    ]);
    expect(rows(proposal)).toEqual(['1 a.corp.internal  25 Auto']);
    expect(proposal.leftOut.map(({ line, what }) => `${line} ${what}`)).toEqual([
      '2 acme/mail, "b": b.corp.internal has no address in DNS; add it with the address of its mail server',
      '3 acme/mail, "c": "mail.partner.example" is not in any of the zones',
      '5 acme/mail, "e": "10.0.4" is not an address that can be registered',
    ]);
    expect(proposal.inPostal).toEqual([]);
  });
});

it('is what a whole audit of a Postal leads to', () => {
  const file = readFileSync(new URL('../../fixtures/postal-audit.json', import.meta.url), 'utf8');
  const proposal = fromAuditText(file, examplePolicy());
  if (proposal === undefined) throw new Error('not an audit');
  expect(rows(proposal)).toEqual([expect.stringMatching(/^2 old-relay\.\S*corp\.internal 10\.20\.0\.9 25 None$/)]);
  expect(proposal.leftOut.map(({ line }) => line)).toEqual([3, 5]);
  expect(entered(proposal)).toEqual([expect.stringContaining('2 Hostname: 10.20.0.9 → old-relay.')]);
});

it.each(['', '{', '[]', '{"endpoints":[{"id":1}]}', '{"hostname":"a"}'])('%j is not an audit', (text) => {
  expect(fromAuditText(text, { zones })).toBeUndefined();
});
