import type { AddressReport, ProbeReport, Resolution, Stage, StageFailure } from './report.ts';

/** How good what the probe met is; it says nothing yet of what Postal makes of it. */
export type Grade = 'good' | 'partial' | 'bad' | 'unknown';

export type AddressSummary = { readonly ip: string; readonly grade: Grade; readonly text: string; readonly durationMs: number };

export type ProbeSummary = {
  readonly grade: Grade;
  /** One sentence, plain text. */
  readonly headline: string;
  readonly addresses: readonly AddressSummary[];
  /** Certificate and encryption facts worth a line each, plain text. */
  readonly notes: readonly string[];
};

const phrases: Readonly<Record<StageFailure, string>> = {
  'outside-policy': 'lies outside the ranges that policy allows, so it was not connected to',
  refused: 'connection refused: the host is up, nothing listens on that port',
  timeout: 'no answer in time: dropped on the way (security group, NACL, route), or a stuck server',
  slow: 'no answer within the time a probe has; Postal waits longer',
  unreachable: 'no route to it',
  reset: 'connection reset',
  closed: 'the server closed the connection',
  'not-smtp': 'what answers there is not SMTP',
  'malformed-reply': 'the reply is not well-formed SMTP',
  'reply-too-long': 'the server did not stop talking',
  'rejected-temporarily': 'refused for now',
  'rejected-permanently': 'refused',
  'not-offered': 'not offered',
  'injected-plaintext': 'bytes followed the answer to STARTTLS: command injection, or a broken proxy',
  'tls-handshake': 'the TLS handshake failed',
  'wrong-version': 'no TLS there, or no common version of it',
  certificate: 'the certificate was refused',
  deadline: 'the time for the whole probe was up',
};

/** What a failed stage means, in words. */
export const failurePhrase = (reason: StageFailure): string => phrases[reason];

/** Whether a server at this address got as far as greeting back: EHLO or HELO was answered, in the clear or inside TLS. */
const greeted = (address: AddressReport): boolean =>
  address.stages.some(({ stage, status }) => status === 'passed' && (stage === 'ehlo' || stage === 'helo' || stage === 'ehlo-tls'));

const firstFailure = (address: AddressReport): Stage | undefined =>
  address.stages.find(({ status, reason }) => status === 'failed' && reason !== 'not-offered');

const encryption = (address: AddressReport): string => {
  if (address.tls !== undefined) return `${address.stages.some(({ stage }) => stage === 'starttls') ? 'STARTTLS' : 'TLS'}, ${address.tls.protocol}`;
  return address.capabilities.some((capability) => capability === 'STARTTLS') ? 'STARTTLS offered' : 'no encryption offered';
};

/** For these the system's own words say nothing that the phrase does not. */
const selfEvident: ReadonlySet<StageFailure | undefined> = new Set(['refused', 'timeout', 'slow', 'reset', 'closed', 'deadline', 'outside-policy']);

const saidBy = ({ reply, reason, detail }: Stage): string => reply?.lines.join(' ') ?? (selfEvident.has(reason) ? '' : (detail ?? ''));

const summariseAddress = (address: AddressReport): AddressSummary => {
  const durationMs = Math.round(address.stages.reduce((sum, { durationMs: each }) => sum + each, 0));
  const failure = firstFailure(address);
  const failed = failure?.reason === undefined ? '' : `${failure.stage}: ${failurePhrase(failure.reason)}`;
  const said = failure === undefined ? '' : saidBy(failure);
  if (!greeted(address)) {
    const grade = failure?.reason === 'slow' || failure?.reason === 'deadline' || failure?.reason === 'outside-policy' ? 'unknown' : 'bad';
    return { ip: address.ip, grade, text: `${failed || 'not reached'}${said === '' ? '' : ` (${said})`}`, durationMs };
  }
  return {
    ip: address.ip,
    grade: failure === undefined ? 'good' : 'partial',
    text: failure === undefined ? encryption(address) : `${encryption(address)}; ${failed}${said === '' ? '' : ` (${said})`}`,
    durationMs,
  };
};

const resolutionHeadline = (resolution: Resolution, hostname: string): string => {
  const rcodes = resolution.answers.map(({ rcode }) => rcode);
  if (resolution.answers.length === 0) return `${hostname} was not looked up.`;
  if (rcodes.includes('NXDOMAIN')) {
    const soa = resolution.answers.find(({ soa: each }) => each !== undefined)?.soa;
    const cached = soa === undefined ? '' : ` A resolver may remember that for ${soa.negativeTtlSeconds} s.`;
    return `${hostname} does not exist in DNS (NXDOMAIN).${cached}`;
  }
  if (rcodes.every((rcode) => rcode === undefined)) return `No nameserver answered for ${hostname}.`;
  const failed = rcodes.find((rcode) => rcode !== undefined && rcode !== 'NOERROR');
  return failed === undefined ? `${hostname} exists in DNS, but has no address.` : `The nameserver answers ${failed} for ${hostname}.`;
};

const dayMs = 86_400_000;

const certificateNotes = ({ tls }: AddressReport, nowMs: number): string[] => {
  const certificate = tls?.certificate;
  if (certificate === undefined) return [];
  const days = Math.floor((Date.parse(certificate.notAfter) - nowMs) / dayMs);
  const starts = Date.parse(certificate.notBefore);
  const expiry = days < 0 ? `expired ${-days} days ago` : `expires in ${days} days`;
  const trust = certificate.selfSigned
    ? 'The certificate is self-signed: fine with Auto, fails with TLS.'
    : certificate.chainError === undefined
      ? undefined
      : `The certificate does not verify (${certificate.chainError}): fine with Auto, fails with TLS.`;
  return [
    starts > nowMs ? `The certificate is not valid before ${certificate.notBefore}.` : `The certificate ${expiry}.`,
    ...(trust === undefined ? [] : [trust]),
    ...(certificate.nameMatches ? [] : ['The certificate names another host. Postal does not check names; others do.']),
  ];
};

/** Sums a probe's facts up for a reader: verdict first, then a line an address. `nowMs` is for the certificate's days. */
export const summarise = (report: ProbeReport, nowMs: number): ProbeSummary => {
  const addresses = report.addresses.map(summariseAddress);
  if (addresses.length === 0) return { grade: 'bad', headline: resolutionHeadline(report.resolution, report.hostname), addresses, notes: [] };
  const answering = addresses.filter(({ grade }) => grade === 'good' || grade === 'partial').length;
  const notes = [...new Set(report.addresses.flatMap((address) => certificateNotes(address, nowMs)))];
  const port = `port ${report.port}`;
  if (answering === addresses.length) {
    const plain = report.addresses.filter(({ tls }) => tls === undefined).length;
    const how =
      plain === 0 ? 'encrypted' : plain === addresses.length ? 'in plaintext' : `${addresses.length - plain} of ${addresses.length} encrypted`;
    const grade = addresses.every((address) => address.grade === 'good') && plain === 0 ? 'good' : 'partial';
    const who = addresses.length === 1 ? 'A mail server answers' : `All ${addresses.length} addresses answer`;
    return { grade, headline: `${who} on ${port}, ${how}.`, addresses, notes };
  }
  if (answering > 0) {
    const dead = addresses.filter(({ grade }) => grade === 'bad' || grade === 'unknown').map(({ ip }) => ip);
    return {
      grade: 'partial',
      headline: `${answering} of ${addresses.length} addresses answer on ${port}; not ${dead.join(', ')}.`,
      addresses,
      notes,
    };
  }
  const told = addresses.some(({ grade }) => grade === 'bad');
  return {
    grade: told ? 'bad' : 'unknown',
    headline: told ? `No mail server answers on ${port}.` : `Whether a mail server answers on ${port} could not be told.`,
    addresses,
    notes,
  };
};
