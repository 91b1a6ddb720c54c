import type { Deadline } from '../../core/base/deadline.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import type { ProbeReport } from '../../core/probe-report/report.ts';
import { authoriseFresh } from '../authorise/authorise-with-groups.ts';
import { appendAtEnd } from '../ledger/append.ts';
import type { Ports, Request } from '../ports/ports.ts';

/** What a check is to try besides greeting: a recipient, and perhaps a message to it. */
export type RecipientCheck = { readonly recipient?: string; readonly deliver?: boolean };

export type RecipientCheckDecision =
  | { readonly ok: true; readonly trial: RecipientCheck }
  | { readonly ok: false; readonly message: string; readonly isDenial: boolean };

/** A recipient opens a queue file on the server, a message fills one: neither is tried oftener than this for one hostname. */
const rcptEverySeconds = 60;
const deliverEverySeconds = 300;

const trials = 'trials';
const putOff = 'put-off';
/** A server that answers 421 is left alone for this long. */
const putOffSeconds = 120;

/** One mailbox as Postal would put it in RCPT TO: dot-atom or quoted local part, a domain (RFC 5321 §4.1.2); no control characters, no angle brackets. */
const mailbox =
  /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}|"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e]){1,62}")@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

const secondsLeft = (nowMs: number, everySeconds: number): number =>
  everySeconds - Math.floor((nowMs / 1000) % everySeconds);

/**
 * Whether a check may try a recipient or deliver: rights of their own, rate-limited per hostname, and entered in the ledger before anything is sent. A
 * check without either needs nothing more.
 */
export const decideRecipientCheck = async (
  ports: Ports,
  request: Request<'check'>,
  hostname: Hostname,
  { signal }: Deadline,
): Promise<RecipientCheckDecision> => {
  const { rcpt, deliver } = request.command;
  if (rcpt === undefined) {
    return deliver
      ? { ok: false, isDenial: false, message: 'deliver: it needs a recipient. Add --rcpt someone@example.com.' }
      : { ok: true, trial: {} };
  }
  if (!mailbox.test(rcpt))
    return {
      ok: false,
      isDenial: false,
      message: `rcpt: "${rcpt}" is no mail address. Give one such as someone@example.com.`,
    };
  for (const right of deliver ? ['check:rcpt', 'check:deliver'] : ['check:rcpt']) {
    const may = await authoriseFresh(ports.policy, request.actor, right, hostname, ports.userGroups, signal);
    if (!may.allowed) return { ok: false, isDenial: true, message: may.message };
  }
  const now = ports.clock.now();
  const everySeconds = deliver ? deliverEverySeconds : rcptEverySeconds;
  const slot = Math.floor(now / 1000 / everySeconds);
  const item = {
    collection: trials,
    key: `${hostname} ${deliver ? 'deliver' : 'rcpt'} ${slot}`,
    value: { requestId: request.requestId },
    expiresAt: (slot + 2) * everySeconds,
  };
  if ((await ports.state.put(item, true, signal)) === 'exists') {
    const taken = await ports.state.get(trials, item.key, signal);
    const isMine = JSON.stringify(taken?.value) === JSON.stringify(item.value);
    if (!isMine)
      return {
        ok: false,
        isDenial: false,
        message: `${deliver ? 'deliver' : 'rcpt'}: ${hostname} was tried just now. Try again in ${secondsLeft(now, everySeconds)} s.`,
      };
  } else {
    const { requestId, actor, text } = request;
    await appendAtEnd(
      ports,
      hostname,
      { kind: 'tried', requestId, actor, text, recipient: rcpt, delivered: deliver },
      signal,
    );
  }
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
