import type { RecordSet } from '../../core/dns/record-set.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import { parseIpAddress } from '../../core/endpoint/ip-address.ts';
import { assess } from '../../core/postal/assess.ts';
import type { Assessment } from '../../core/postal/assessment.ts';
import type { JudgedAddress } from '../../core/postal/findings/situation.ts';
import { type Predicted, predictedBy, securityPredicted } from '../../core/postal/predictions/predicted.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { AddressReport, ProbeReport, ProbeResult, StageFailure } from '../../core/probe-report/report.ts';
import type { Fault, Way } from '../../core/watch/health/fault.ts';
import type { Cause, EndpointState, Observation } from '../../core/watch/health/observation.ts';
import { boundedSaid } from '../../core/watch/mail/bounded-said.ts';

type Finding = Observation['findings'][number];

export type ProbedDefinition = {
  readonly definition: Definition;
  readonly profile: PostalProfile;
  readonly result: ProbeResult;
  /** Milliseconds since the epoch, of the probe's start. */
  readonly atMs: number;
  /** Every record set at the hostname, where Route 53 was asked in this round. */
  readonly inRoute53?: readonly RecordSet[];
  /** What comparing definition, marker and Route 53 brought to light; absent: nothing, or it was not done in this round. */
  readonly drift?: Finding;
  /** Whether Postal was ever seen to get in encrypted (`encrypted` of its health). */
  readonly wasEncrypted: boolean;
  /** How long each silence was waited for, where that was as long as Postal waits, or as fits; absent: as long as a person does. */
  readonly waitedMs?: number;
};

const causeOfStage: Readonly<Record<StageFailure, Cause>> = {
  'outside-policy': 'policy',
  refused: 'refused',
  timeout: 'timeout',
  slow: 'timeout',
  deadline: 'timeout',
  unreachable: 'unreachable',
  reset: 'unreachable',
  closed: 'smtp',
  'not-smtp': 'smtp',
  'malformed-reply': 'smtp',
  'reply-too-long': 'smtp',
  'rejected-temporarily': 'smtp',
  'rejected-permanently': 'smtp',
  'not-offered': 'tls',
  'injected-plaintext': 'tls',
  'tls-handshake': 'tls',
  'wrong-version': 'tls',
  certificate: 'tls',
};

const failedFor = (addresses: readonly AddressReport[]): Cause => {
  const reason = addresses
    .flatMap(({ stages }) => stages)
    .find(({ status, reason: why }) => status === 'failed' && why !== undefined)?.reason;
  return reason === undefined ? 'dns' : causeOfStage[reason];
};

const canonical = (ip: string): string => parseIpAddress(ip)?.text ?? ip;

const wayOf = (cause: Cause): Way => (cause === 'tls' || cause === 'smtp' ? cause : 'unreachable');

/** The targets to blame for a state: the dead ones; without any, those that are silent; and where mail goes in plaintext, the one that it goes to. */
const faultsOf = (state: EndpointState, { addresses }: Assessment): readonly Fault[] => {
  if (state === 'up' || state === 'inconclusive' || state === 'drifted') return [];
  const blamed: JudgedAddress['reach'] =
    state === 'plaintext' ? 'plaintext' : addresses.some(({ reach }) => reach === 'dead') ? 'dead' : 'unknown';
  return addresses
    .filter(({ reach }) => reach === blamed)
    .map((address) => ({
      target: canonical(address.ip),
      way: state === 'plaintext' ? 'tls' : wayOf(failedFor([address])),
    }));
};

/** The resolver itself is in trouble: the name was looked up, and nobody said that it does not exist. */
const resolverFails = ({ resolution: { answers, addresses, isCutShort } }: ProbeReport): boolean =>
  isCutShort === true ||
  (addresses.length === 0 &&
    answers.some(({ rcode }) => rcode !== 'NOERROR') &&
    answers.every(({ rcode }) => rcode !== 'NXDOMAIN'));

type Judged = { readonly state: EndpointState; readonly sentence: string; readonly cause?: Cause };

const listed = (addresses: readonly AddressReport[]): string => addresses.map(({ ip }) => ip).join(', ');

/** Of a Postal that has more patience than a look. */
const stillWaiting = (waitedMs: number): string =>
  `Postal would still be waiting: the server was silent for ${waitedMs / 1000} s. Every delivery to it delays Postal by at least that long.`;

const judge = (
  { report, prediction, verdict, addresses, findings }: Assessment,
  { wasEncrypted, drift, definition, waitedMs }: ProbedDefinition,
): Judged => {
  const { entry, inconclusive } = prediction;
  const { sentence } = verdict;
  const dead = addresses.filter(({ reach }) => reach === 'dead');
  const alive = addresses.filter(({ reach }) => reach === 'tls' || reach === 'plaintext');
  if (resolverFails(report)) return { state: 'inconclusive', sentence, cause: 'resolver' };
  if (verdict.level === 'bad') return { state: 'down', sentence, cause: failedFor(addresses) };
  if (verdict.level === 'unknown') {
    const cause: Cause =
      inconclusive?.reason === 'put-off' ? 'busy' : inconclusive?.reason === 'outside-policy' ? 'policy' : 'timeout';
    if (inconclusive?.reason === 'slow' && waitedMs !== undefined)
      return { state: 'degraded', sentence: stillWaiting(waitedMs), cause };
    // A SYN that is not answered through several retransmissions is not slow.
    if (inconclusive?.reason !== 'slow' || dead.length === 0 || dead.length + alive.length < addresses.length)
      return { state: 'inconclusive', sentence, cause };
    if (alive.length === 0)
      return {
        state: 'down',
        sentence: `Postal will not get in: ${listed(dead)} answers nothing. It will retry, then bounce.`,
        cause,
      };
    return {
      state: 'degraded',
      sentence: `Postal will get in at ${listed(alive)}, after waiting in vain for ${listed(dead)}.`,
      cause,
    };
  }
  if (drift !== undefined || findings.some(({ code }) => code === 'drift-definition' || code === 'drift-resolver'))
    return { state: 'drifted', sentence, cause: 'dns' };
  if (wasEncrypted && entry?.security === 'plaintext' && definition.sslMode !== 'None')
    return { state: 'plaintext', sentence, cause: 'tls' };
  return dead.length > 0 ? { state: 'degraded', sentence, cause: failedFor(dead) } : { state: 'up', sentence };
};

/** What the state and the probe predict together: a look knows of silence what the probe alone leaves open. */
const predictedAs = (state: EndpointState, { prediction, addresses }: Assessment): Predicted => {
  if (state === 'inconclusive') return 'unknown';
  const predicted = predictedBy(prediction);
  if (predicted !== 'unknown') return predicted;
  if (state === 'down') return 'not-in';
  const reach = addresses.find((address) => address.reach !== 'dead')?.reach ?? 'unknown';
  return reach === 'tls' || reach === 'plaintext' ? securityPredicted[reach] : 'unknown';
};

/** What is measured where Postal settles. */
const measured = ({
  prediction: { entry },
  addresses,
}: Assessment): Pick<Observation, 'encrypted' | 'latencyMs' | 'certificateExpiresAtMs'> => {
  const at = entry && addresses.find(({ ip }) => canonical(ip) === canonical(entry.ip));
  if (at === undefined) return { encrypted: false };
  const latencyMs = at.stages.reduce(
    (sum, { stage, durationMs }) => (stage === 'rset' || stage === 'quit' ? sum : sum + durationMs),
    0,
  );
  const endsMs = entry?.security === 'tls' ? Date.parse(at.tls?.certificate?.notAfter ?? '') : Number.NaN;
  return {
    encrypted: entry?.security === 'tls',
    latencyMs: Math.round(latencyMs * 10) / 10,
    ...(Number.isNaN(endsMs) ? {} : { certificateExpiresAtMs: endsMs }),
  };
};

/**
 * What one look says of an endpoint; pure.
 *
 * | what the probe saw | state | cause |
 * | --- | --- | --- |
 * | the prober did not answer, or was busy | inconclusive | prober |
 * | the policy does not let the prober go there | inconclusive | policy |
 * | the resolver was silent or answers SERVFAIL and the like | inconclusive | resolver |
 * | greylisting, 421, too many connections | inconclusive | busy |
 * | silence as long as a look can wait, where Postal waits longer | degraded | timeout |
 * | shorter silence after the connection was established; the probe's time was over | inconclusive | timeout |
 * | Postal does not get in anywhere; NXDOMAIN, no address; no answer to any SYN | down | by the first failure |
 * | definition, marker, Route 53 and resolver do not say the same | drifted | dns |
 * | in, without encryption, where it was encrypted before, and the mode does not ask for that | plaintext | tls |
 * | in, and some address is dead | degraded | by its failure |
 * | else | up | |
 *
 * Where two hold, the upper one counts.
 */
export const observe = (look: ProbedDefinition): Observation => {
  const { definition, profile, result, atMs, inRoute53, drift } = look;
  const { hostname } = definition;
  const assessed = assess(result, {
    profile,
    nowMs: atMs,
    registered: definition,
    ...(inRoute53 === undefined ? {} : { inRoute53 }),
  });
  if (!assessed.ok) {
    return {
      hostname,
      atMs,
      state: 'inconclusive',
      ...boundedSaid({ sentence: assessed.failure.message, findings: [] }),
      encrypted: false,
      cause: assessed.failure.kind === 'refused' ? 'policy' : 'prober',
    };
  }
  const { assessment } = assessed;
  const findings = assessment.findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, message, remedy }): Finding => ({ code, text: message, remedy }));
  const { sentence, ...judged } = judge(assessment, look);
  const faults = faultsOf(judged.state, assessment);
  const predicted = predictedAs(judged.state, assessment);
  return {
    hostname,
    atMs,
    ...judged,
    ...boundedSaid({ sentence, findings: drift === undefined ? findings : [drift, ...findings] }),
    ...measured(assessment),
    ...(faults.length === 0 ? {} : { faults }),
    ...(predicted === 'unknown' ? {} : { predicted }),
  };
};
