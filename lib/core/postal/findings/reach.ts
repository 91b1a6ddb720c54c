import type { SslMode } from '../../endpoint/definition.ts';
import type { AddressReport, Stage, StageFailure } from '../../probe-report/report.ts';
import { encryptionOf } from '../encryption.ts';
import type { PostalProfile } from '../profile.ts';

/** How Postal would get in at an address, were it the only one; `dead` when not, `unknown` when the probe does not tell. */
export type Reach = 'tls' | 'plaintext' | 'dead' | 'unknown';

const untold: ReadonlySet<StageFailure> = new Set(['slow', 'deadline', 'outside-policy']);

/** After these Postal's mode Auto connects again and speaks plaintext; after a reset or silence it does not. */
const libraryErrors: ReadonlySet<StageFailure> = new Set(['tls-handshake', 'wrong-version', 'certificate', 'closed']);

/** To a SYN that went unanswered for as long as a probe waits, through several retransmissions, no answer comes later. */
const lost = ({ stage, reason, reply }: Stage): Reach => {
  if (stage === 'connect' && reason === 'slow') return 'dead';
  return reply?.code === 421 || (reason !== undefined && untold.has(reason)) ? 'unknown' : 'dead';
};

/** Postal knows the keyword only in upper case. A report kept without replies does not have it: then the stage's having run has to do. */
export const offersPostalStarttls = ({ stages }: AddressReport): boolean => {
  const ehlo = stages.find(({ stage }) => stage === 'ehlo');
  const starttls = stages.find(({ stage }) => stage === 'starttls');
  if (ehlo?.reply !== undefined)
    return ehlo.reply.lines.slice(1).some((line) => /^STARTTLS(?: |$)/.test(line.slice(4)));
  return starttls !== undefined && starttls.status !== 'skipped' && starttls.reason !== 'not-offered';
};

/** What comes of a plaintext retry; undefined where Postal makes none. A probe that made none either leaves it at what Postal would try. */
const inPlaintext = ({ stages, further }: AddressReport): Reach | undefined => {
  const reason = stages.find(({ stage }) => stage === 'tls')?.reason;
  const again = further?.find(({ purpose }) => purpose === 'plaintext-retry')?.stages;
  if (again?.some(({ stage, status }) => status === 'passed' && (stage === 'ehlo' || stage === 'helo')))
    return 'plaintext';
  const failed = again?.find(({ status }) => status === 'failed');
  if (failed !== undefined) return lost(failed);
  return reason !== undefined && libraryErrors.has(reason) ? 'plaintext' : undefined;
};

/**
 * | mode | gets in when |
 * | --- | --- |
 * | `None`, and `STARTTLS` where it is broken | EHLO or HELO is answered: plaintext |
 * | `Auto` | STARTTLS goes well: TLS. It is not offered, or the TLS library fails: plaintext. Refused, reset or silent: not at all |
 * | `STARTTLS` where it works | STARTTLS goes well and the chain verifies |
 * | `TLS` | the handshake goes well, the chain verifies, and EHLO or HELO is answered |
 */
export const reachOf = (address: AddressReport, sslMode: SslMode, profile: Pick<PostalProfile, 'version'>): Reach => {
  const stage = (name: Stage['stage']): Stage | undefined => address.stages.find((each) => each.stage === name);
  const passed = (name: Stage['stage']): boolean => stage(name)?.status === 'passed';
  const endAt = (name: Stage['stage']): Reach => {
    const at = stage(name);
    return at?.status === 'failed' ? lost(at) : 'unknown';
  };
  const chainFails = address.tls?.certificate?.chainError !== undefined;
  const encryption = encryptionOf(sslMode, profile);

  if (!passed('connect')) return endAt('connect');
  if (encryption === 'implicit') {
    if (!passed('tls')) return endAt('tls');
    if (chainFails) return 'dead';
  }
  if (!passed('banner')) return endAt('banner');
  if (!passed('ehlo') && !passed('helo')) return endAt(stage('helo') === undefined ? 'ehlo' : 'helo');
  if (encryption === 'implicit') return 'tls';
  if (encryption === 'none') return 'plaintext';

  const isOptional = encryption === 'opportunistic';
  if (!passed('ehlo') || !offersPostalStarttls(address)) return isOptional ? 'plaintext' : 'dead';
  if (!passed('starttls')) return endAt('starttls');
  if (!passed('tls')) return isOptional ? (inPlaintext(address) ?? endAt('tls')) : endAt('tls');
  if (!isOptional && chainFails) return 'dead';
  return passed('ehlo-tls') || passed('helo') ? 'tls' : endAt('ehlo-tls');
};
