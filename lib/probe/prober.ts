import type { Clock } from '../clock.ts';
import { insideRanges } from '../policy/ranges.ts';
import type { PostalProfile } from '../postal/profile.ts';
import { dnsNameProblem } from './dns-name.ts';
import { parseNameserver } from './nameserver.ts';
import type { AddressReport, ProbeRequest, ProbeResult, Prober } from './report.ts';
import { resolve } from './resolve.ts';
import { SessionSlots } from './session-slots.ts';
import { runSmtpSession, type Session, type SessionSettings } from './smtp-session.ts';
import { stopwatch } from './stopwatch.ts';
import { createTlsContext } from './tls-context.ts';

export type ProberSettings = {
  /** The part of policy that says where a probe may go. */
  readonly policy: { readonly cidrs: readonly string[]; readonly ports: readonly number[] };
  readonly profile: PostalProfile;
  readonly clock: Clock;
  /** PEM certificates that Postal trusts, where the profile names a file of them. */
  readonly ca?: string;
  /** Budget of a connection, and of a TLS handshake; 10 s when absent. */
  readonly connectBudgetMs?: number;
  /** Budget of a reply; 10 s when absent. */
  readonly replyBudgetMs?: number;
  /** Sessions at once to one address, over all probes of this prober; 2 when absent. */
  readonly sessionsPerAddress?: number;
};

/** An endpoint has 8 addresses at most; a name that leads to more than this is not probed to its end. */
const maximumAddresses = 32;
const budgetMs = 10_000;

const connectOnly = (ip: string, port: number, connect: Omit<AddressReport['stages'][number], 'stage' | 'durationMs'>): Session => ({
  report: { ip, port, stages: [{ stage: 'connect', durationMs: 0, ...connect }], capabilities: [] },
});

const refusal = (request: ProbeRequest, ports: readonly number[]): string | undefined => {
  if (!ports.includes(request.port)) return `Port ${request.port} is not one that policy allows to probe: ${ports.join(', ')}. Nothing was probed.`;
  const problem = dnsNameProblem(request.hostname);
  return problem && `The ${problem}. Nothing was probed.`;
};

/**
 * Makes the prober that stands where Postal stands: resolves the hostname as Postal does, then holds a session with every address, in parallel.
 *
 * It connects to no port but policy's and to no address outside policy's ranges, whatever the name resolves to: such an address is
 * reported with the reason `outside-policy`. Its `probe` never rejects, and answers when the request's deadline is over with what it has seen by then.
 * Throws for a nameserver in the profile that is no address (`RangeError`) and for certificates that are not PEM.
 */
export const createProber = ({ policy, profile, clock, ...settings }: ProberSettings): Prober => {
  const nameservers = profile.nameservers.map(parseNameserver);
  const slots = new SessionSlots(settings.sessionsPerAddress ?? 2);
  const sessionSettings: SessionSettings = {
    heloHostname: profile.heloHostname,
    secureContext: createTlsContext(settings.ca),
    connectBudgetMs: settings.connectBudgetMs ?? budgetMs,
    replyBudgetMs: settings.replyBudgetMs ?? budgetMs,
    postalOpenTimeoutMs: profile.openTimeoutSeconds * 1000,
    postalReadTimeoutMs: profile.readTimeoutSeconds * 1000,
  };

  const probeAddress = async ({ hostname, port, sslMode }: ProbeRequest, ip: string, index: number, signal: AbortSignal): Promise<Session> => {
    if (index >= maximumAddresses)
      return connectOnly(ip, port, { status: 'skipped', detail: `only the first ${maximumAddresses} addresses are probed` });
    if (!insideRanges(ip, policy.cidrs)) return connectOnly(ip, port, { status: 'failed', reason: 'outside-policy', detail: 'never connected to' });
    const session = await slots.run(ip, () => runSmtpSession({ hostname, ip, port, sslMode }, sessionSettings, signal), signal);
    return session ?? connectOnly(ip, port, { status: 'failed', reason: 'deadline', detail: 'the time for the whole probe was over' });
  };

  const probeWithin = async (request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult> => {
    const startedAt = new Date(clock.now()).toISOString();
    const elapsedMs = stopwatch();
    const resolution = await resolve(request.hostname, request.recordTypes, nameservers, profile.dnsTimeoutSeconds * 1000, signal);
    const sessions = await Promise.all(resolution.addresses.map((ip, index) => probeAddress(request, ip, index, signal)));
    const seenFrom = sessions.find((session) => session.localAddress !== undefined)?.localAddress;
    const { requestId, hostname, port, sslMode } = request;
    return {
      ok: true,
      report: {
        requestId,
        hostname,
        port,
        sslMode,
        startedAt,
        durationMs: elapsedMs(),
        ...(seenFrom !== undefined && { seenFrom }),
        resolution,
        addresses: sessions.map((session) => session.report),
      },
    };
  };

  return {
    async probe(request, signal) {
      const message = refusal(request, policy.ports);
      if (message !== undefined) return { ok: false, failure: { kind: 'refused', message } };
      const timer = new AbortController();
      const timeout = setTimeout(() => timer.abort(), request.deadlineMs);
      try {
        return await probeWithin(request, AbortSignal.any([signal, timer.signal]));
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        return {
          ok: false,
          failure: { kind: 'unavailable', message: `The prober itself failed: ${cause}. Nothing was found out.` },
        };
      } finally {
        clearTimeout(timeout);
      }
    },
  };
};
