import { normaliseName } from '../../core/endpoint/hostname.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { isServer } from '../../core/filter/in-postal.ts';
import type { Audit } from '../../core/postal/audit/audit.ts';
import { permitted } from '../authorise/permitted.ts';
import type { Ports, Request } from '../ports/ports.ts';
import { type PostalView, readPostal, readPostalOf } from './read-postal.ts';

/** To what an audit is narrowed: a hostname or address as Postal has it, a mail server. */
export type AskedOf = { readonly hostname?: string; readonly server?: string };

export type AskedAudit =
  | { readonly kind: 'audit'; readonly view: PostalView; readonly of: AskedOf }
  /** Nothing was reported. */
  | { readonly kind: 'no report' }
  /** A sentence. */
  | { readonly kind: 'unknown server'; readonly message: string };

const namedAtMost = 10;

/** The audit of some endpoints, with what is found of their mail servers. */
const narrowed = (
  audit: Audit,
  isWanted: (endpoint: Audit['endpoints'][number]) => boolean,
  isServer: (id: number) => boolean,
): Audit => ({
  ...audit,
  endpoints: audit.endpoints.filter(isWanted),
  routes: audit.routes.filter(({ server }) => isServer(server.id)),
  findings: audit.findings.filter(({ serverId }) => isServer(serverId)),
});

/** The audit of the names that the person may ask about. Names outside of the zones are Postal's alone, and nobody's here. */
export const askedAudit = async (
  ports: Ports,
  request: Request<'audit' | 'import'>,
  asked: AskedOf,
  signal: AbortSignal,
): Promise<AskedAudit> => {
  const { server } = asked;
  const hostname = asked.hostname === undefined ? undefined : normaliseName(asked.hostname);
  const [view, may] = await Promise.all([
    hostname === undefined ? readPostal(ports, signal) : readPostalOf(ports, hostname, signal),
    permitted(ports, request, signal),
  ]);
  if (view === undefined) return { kind: 'no report' };
  const { servers } = view.audit;
  const wanted = servers.filter(({ name }) => server === undefined || isServer(server, name));
  if (wanted.length === 0) {
    const known = servers.map(({ name }) => name).slice(0, namedAtMost);
    const message = `server: Postal has no mail server "${server}". Known ones: ${known.join(', ') || 'none'}.`;
    return { kind: 'unknown server', message };
  }
  const ids = new Set(wanted.map(({ id }) => id));
  const isSeen = (name: string): boolean => zoneOf(name, ports.policy.zones) === undefined || may(name);
  const audit = narrowed(
    view.audit,
    ({ subject }) =>
      ids.has(subject.server.id) &&
      isSeen(subject.hostname) &&
      (hostname === undefined || subject.hostname === hostname),
    (id) => ids.has(id) && hostname === undefined,
  );
  const of = { ...(hostname === undefined ? {} : { hostname }), ...(server === undefined ? {} : { server }) };
  return { kind: 'audit', view: { ...view, audit }, of };
};
