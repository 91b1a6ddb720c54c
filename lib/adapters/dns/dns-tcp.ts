import { connect } from 'node:net';
import type { Nameserver } from '../../core/postal/nameserver.ts';
import { within } from '../smtp/within.ts';
import { type AnswerFacts, encodeQuestion, type Question, readMessage } from './dns-message.ts';

/** How a question by TCP ended. */
export type TcpOutcome =
  | { readonly kind: 'answer'; readonly facts: AnswerFacts }
  | { readonly kind: 'silent'; readonly reason: 'timeout' | 'unreachable' | 'malformed' | 'closed' };

const withLength = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
};

/** The first message of the stream (RFC 1035 §4.2.2), once whole. */
const firstMessage = (received: Buffer): Buffer | undefined => {
  const end = received.length < 2 ? Number.POSITIVE_INFINITY : 2 + received.readUInt16BE(0);
  return received.length < end ? undefined : received.subarray(2, end);
};

/** Asks one question by TCP, within `budgetMs`. Never rejects. */
export const askByTcp = async (
  question: Question,
  nameserver: Nameserver,
  budgetMs: number,
  signal: AbortSignal,
): Promise<TcpOutcome> => {
  const socket = connect({ host: nameserver.address, port: nameserver.port, autoSelectFamily: false, noDelay: true });
  const outcome = await within<TcpOutcome>(
    (settle) => {
      let received = Buffer.alloc(0);
      socket.on('connect', () => socket.write(withLength(encodeQuestion(question))));
      socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        const message = firstMessage(received);
        if (message === undefined) return;
        const reading = readMessage(message, question);
        settle(
          reading.kind === 'answer' && !reading.truncated
            ? { kind: 'answer', facts: reading.facts }
            : { kind: 'silent', reason: 'malformed' },
        );
      });
      socket.on('error', () => settle({ kind: 'silent', reason: 'unreachable' }));
      socket.on('end', () => settle({ kind: 'silent', reason: received.length > 0 ? 'malformed' : 'closed' }));
      socket.on('close', () => settle({ kind: 'silent', reason: 'unreachable' }));
      return () => {};
    },
    budgetMs,
    signal,
  );
  socket.destroy();
  return outcome === 'timeout' || outcome === 'deadline' ? { kind: 'silent', reason: 'timeout' } : outcome;
};
