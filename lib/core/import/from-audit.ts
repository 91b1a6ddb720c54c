import * as z from 'zod';
import { type SslMode, sslModes } from '../endpoint/definition.ts';
import { type Hostname, normaliseName, parseHostname } from '../endpoint/hostname.ts';
import { readsAsAddress } from '../endpoint/hostname-rules.ts';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import type { Audit } from '../postal/audit/audit.ts';
import { auditJson } from '../postal/audit/audit-json.ts';
import { hostnameOfLabel } from '../validation/correct-definition.ts';
import type { ImportRow, LeftOut } from './answer.ts';
import { onOneLine } from './cell.ts';
import { oneLine, quoted } from './one-line.ts';

/** What is read of the JSON of an audit; it has more. */
const auditSchema = z.object({
  endpoints: z.array(
    z.object({
      id: z.number(),
      server: z.string(),
      name: z.string(),
      hostname: z.string(),
      port: z.number().nullable(),
      sslMode: z.string().nullable(),
      findings: z.array(z.object({ code: z.string() })),
    }),
  ),
});
type AuditedEndpoint = z.infer<typeof auditSchema>['endpoints'][number];

/** What somebody has to enter in Postal once the names are registered. */
export type PostalChange = {
  readonly id: number;
  /** `organization/server`. */
  readonly server: string;
  readonly name: string;
  readonly field: 'Hostname' | 'SSL Mode';
  readonly from: string;
  readonly to: string;
};

/** What would fix the endpoints of an audit. The line of a row is the endpoint's place in the audit, from 1. */
export type AuditProposal = {
  /** With targets: to add. Without: to adopt, for DNS has their records already. */
  readonly rows: readonly ImportRow[];
  /** What a person has to decide, with the reason. */
  readonly leftOut: readonly LeftOut[];
  readonly inPostal: readonly PostalChange[];
};

type Naming = Pick<PolicyDocument, 'zones' | 'naming'>;

/** A label made of what an endpoint is called: `Büro (neu)` becomes `buro-neu`. */
const labelOf = ({ name, id }: AuditedEndpoint): string => {
  const label = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^[-0-9]+|-+$/g, '');
  return label === '' ? `endpoint-${id}` : label;
};

/** Postal's modes, and none for what Postal 3 sends in plaintext without wanting to. */
const modeOf = ({ sslMode, findings }: AuditedEndpoint): SslMode => {
  const isPlaintext = findings.some(({ code }) => code === 'starttls-plaintext' || code === 'ssl-mode-missing');
  return isPlaintext ? 'Auto' : (sslModes.find((mode) => mode === sslMode) ?? 'Auto');
};

const has = ({ findings }: AuditedEndpoint, code: string): boolean => findings.some((finding) => finding.code === code);

/** Reads endpoint by endpoint, so that every name is given once. */
class Proposals {
  readonly rows: ImportRow[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly inPostal: PostalChange[] = [];
  /** The first target of each name that is proposed. */
  readonly #names = new Map<string, string>();
  /** Names that Postal uses already. */
  readonly #used: ReadonlySet<string>;
  readonly #naming: Naming;

  constructor(naming: Naming, endpoints: readonly AuditedEndpoint[]) {
    this.#naming = naming;
    this.#used = new Set(endpoints.map(({ hostname }) => normaliseName(hostname)));
  }

  #leave(line: number, endpoint: AuditedEndpoint, why: string): void {
    this.leftOut.push({ line, what: oneLine(`${endpoint.server}, ${quoted(endpoint.name)}: ${why}`) });
  }

  /** A name for an address: the same for the same address under the same name, else one with a number. */
  #nameFor(endpoint: AuditedEndpoint, address: string): Hostname | undefined {
    const label = labelOf(endpoint);
    for (let number = 1; number < 1000; number += 1) {
      const text = hostnameOfLabel(number === 1 ? label : `${label}-${number}`, this.#naming);
      const parsed = text === undefined ? undefined : parseHostname(text);
      if (parsed === undefined || !('hostname' in parsed)) return undefined;
      if (this.#used.has(parsed.hostname)) continue;
      const taken = this.#names.get(parsed.hostname);
      if (taken === undefined || taken === address) return parsed.hostname;
    }
    return undefined;
  }

  #propose(line: number, endpoint: AuditedEndpoint, hostname: Hostname, targets: readonly string[]): void {
    const { port, name } = endpoint;
    const isNew = !this.#names.has(hostname);
    this.#names.set(hostname, targets[0] ?? '');
    const row: ImportRow = {
      hostname,
      targets,
      standby: [],
      port: port === null || port < 1 || port > 65_535 ? null : port,
      sslMode: modeOf(endpoint),
      ttl: null,
      name: onOneLine(name).trim().slice(0, 80) || null,
      owner: null,
      note: null,
      line,
    };
    if (isNew) this.rows.push(row);
    this.#enter(endpoint, hostname, row.sslMode ?? 'Auto');
  }

  #enter({ id, server, name, hostname, sslMode }: AuditedEndpoint, to: Hostname, mode: SslMode): void {
    const about = { id, server, name };
    if (normaliseName(hostname) !== to) this.inPostal.push({ ...about, field: 'Hostname', from: hostname, to });
    if (sslMode !== mode) this.inPostal.push({ ...about, field: 'SSL Mode', from: sslMode ?? '', to: mode });
  }

  add(line: number, endpoint: AuditedEndpoint): void {
    const bare = endpoint.hostname.trim().replace(/^\[(.*)\]$/, '$1');
    const address = parseIpAddress(bare)?.text;
    if (address !== undefined) {
      const hostname = this.#nameFor(endpoint, address);
      if (hostname === undefined)
        this.#leave(line, endpoint, `no name for ${address} follows from it; add one by hand`);
      else this.#propose(line, endpoint, hostname, [address]);
      return;
    }
    if (!has(endpoint, 'unregistered')) return;
    const parsed = parseHostname(bare);
    const isOurs = 'hostname' in parsed && zoneOf(parsed.hostname, this.#naming.zones) !== undefined;
    if (isOurs && has(endpoint, 'dead-name'))
      this.#leave(
        line,
        endpoint,
        `${parsed.hostname} has no address in DNS; add it with the address of its mail server`,
      );
    else if (isOurs) this.#propose(line, endpoint, parsed.hostname, []);
    else if (readsAsAddress(bare))
      this.#leave(line, endpoint, `${quoted(bare)} is not an address that can be registered`);
    else this.#leave(line, endpoint, `${quoted(bare)} is not in any of the zones`);
  }
}

const proposed = (endpoints: readonly AuditedEndpoint[], naming: Naming): AuditProposal => {
  const proposals = new Proposals(naming, endpoints);
  for (const [index, endpoint] of endpoints.entries()) proposals.add(index + 1, endpoint);
  const { rows, leftOut, inPostal } = proposals;
  return { rows, leftOut, inPostal };
};

/** What would fix each endpoint of an audit that has an address for a hostname, or a name of our zones that nobody registered. */
export const auditFixes = (audit: Audit, naming: Naming): AuditProposal => proposed(auditJson(audit).endpoints, naming);

/** The same of a file's text, as `audit --json` wrote it; undefined for another text. */
export const fromAuditText = (text: string, naming: Naming): AuditProposal | undefined => {
  try {
    const parsed = auditSchema.safeParse(JSON.parse(text));
    return parsed.success ? proposed(parsed.data.endpoints, naming) : undefined;
  } catch {
    return undefined;
  }
};
