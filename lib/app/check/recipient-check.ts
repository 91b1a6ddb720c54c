import type { Deadline } from '../../core/base/deadline.ts';
import type { ProbeReport, ProbeRequest } from '../../core/probe-report/report.ts';
import { authoriseFresh } from '../authorise/authorise-with-groups.ts';
import { appendAtEnd } from '../ledger/append.ts';
import type { Ports, Request } from '../ports/ports.ts';
import { probeEndpoint } from '../probe/probe-endpoint.ts';
import { type RecipientBudget, recipientLimits, takeRecipientBudget } from './recipient-budget.ts';

/** What a check is to try besides greeting: a recipient, and perhaps a message to it. */
export type RecipientCheck = { readonly recipient?: string; readonly deliver?: boolean };

export type RecipientCheckDecision =
  | { readonly ok: true; readonly trial: RecipientCheck }
  | { readonly ok: false; readonly message: string; readonly isDenial: boolean };

const putOff = 'put-off';
/** A server that answers 421 is left alone for this long. */
const putOffSeconds = 120;

/** One mailbox as Postal would put it in RCPT TO: dot-atom or quoted local part, a domain (RFC 5321 §4.1.2); no control characters, no angle brackets. */
const mailbox =
  /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e]){1,62}")@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** The machines that the probe may reach: every address of the hostname, as resolved in Postal's network. */
const machinesBehind = async (
  ports: Ports,
  { requestId }: Request<'check'>,
  endpoint: Pick<ProbeRequest, 'hostname' | 'port' | 'sslMode' | 'recordTypes'>,
  deadline: Deadline,
): Promise<readonly string[]> => {
  const looked = await probeEndpoint(ports, { requestId, ...endpoint, lookUpOnly: true }, deadline);
  const addresses = looked.ok ? looked.report.resolution.addresses : [];
  return addresses.length === 0 ? [endpoint.hostname] : addresses;
};

const budgetText = (
  { deliver }: Request<'check'>['command'],
  { exhausted, seconds }: Extract<RecipientBudget, { ok: false }>,
): string => {
  const option = deliver ? 'deliver' : 'rcpt';
  return exhausted === 'person'
    ? `${option}: you have reached the limit of ${recipientLimits}. Try again in ${seconds} s.`
    : `${option}: ${exhausted.machine} was tried just now, under this name or another. Try again in ${seconds} s.`;
};

/** Records the recipient check, once for each request: a worker that died may have recorded it, or not. */
const record = async (
  ports: Ports,
  { requestId, actor, text, command: { deliver } }: Request<'check'>,
  hostname: string,
  recipient: string,
  signal: AbortSignal,
): Promise<void> => {
  const entries = await ports.ledger.read(hostname, signal);
  if (entries.some(({ body }) => body.kind === 'tried' && body.requestId === requestId)) return;
  await appendAtEnd(ports, hostname, { kind: 'tried', requestId, actor, text, recipient, delivered: deliver }, signal);
};

/**
 * Whether a check may try a recipient or deliver: rights of their own, limited per person and per machine, and in the ledger before anything is sent. A
 * check without either needs nothing more.
 */
export const decideRecipientCheck = async (
  ports: Ports,
  request: Request<'check'>,
  endpoint: Pick<ProbeRequest, 'hostname' | 'port' | 'sslMode' | 'recordTypes'>,
  deadline: Deadline,
): Promise<RecipientCheckDecision> => {
  const { signal } = deadline;
  const { hostname } = endpoint;
  const { rcpt, deliver } = request.command;
  const refused = (message: string): RecipientCheckDecision => ({ ok: false, isDenial: false, message });
  if (rcpt === undefined)
    return deliver
      ? refused('deliver: it needs a recipient. Add --rcpt someone@example.com.')
      : { ok: true, trial: {} };
  if (!mailbox.test(rcpt))
    return refused(`rcpt: "${rcpt}" is not a mail address. Give one such as someone@example.com.`);
  for (const right of deliver ? ['check:rcpt', 'check:deliver'] : ['check:rcpt']) {
    const may = await authoriseFresh(ports.policy, request.actor, right, hostname, ports.userGroups, signal);
    if (!may.allowed) return { ok: false, isDenial: true, message: may.message };
  }
  const machines = await machinesBehind(ports, request, endpoint, deadline);
  const budget = await takeRecipientBudget(ports, request, machines, signal);
  if (!budget.ok) return refused(budgetText(request.command, budget));
  await record(ports, request, hostname, rcpt, signal);
  return { ok: true, trial: { recipient: rcpt, ...(deliver ? { deliver } : {}) } };
};

/** Until when a server wants to be left alone; undefined where it may be probed. */
export const askedToWait = async (
  { state }: Pick<Ports, 'state'>,
  hostname: string,
  signal: AbortSignal,
): Promise<number | undefined> => (await state.get(putOff, hostname, signal))?.expiresAt;

/** The hostnames whose servers want to be left alone just now. */
export const allAskedToWait = async (
  { state }: Pick<Ports, 'state'>,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> => new Set((await state.list(putOff, signal)).map(({ key }) => key));

/** Remembers that a server answered 421, so that the next check does not add to its trouble. */
export const recordBusyServer = async (
  ports: Pick<Ports, 'state' | 'clock'>,
  hostname: string,
  report: ProbeReport,
  signal: AbortSignal,
): Promise<void> => {
  const isBusy = report.addresses.some(({ stages }) =>
    stages.some(({ stage, reply }) => reply?.code === 421 && stage !== 'quit'),
  );
  if (!isBusy) return;
  const expiresAt = Math.floor(ports.clock.now() / 1000) + putOffSeconds;
  await ports.state.put({ collection: putOff, key: hostname, value: { code: 421 }, expiresAt }, false, signal);
};
