import { isSuccess, replyErrorOf } from '../../lib/core/postal/reply.ts';
import { acceptedBy, noServers, permanentErrorAt, temporaryErrorAt } from '../../lib/core/postal/strings.ts';
import type { LabelledReply } from './labelled-reply.ts';

export const recipient = 'anna@corp.example';
export const hostname = 'mx.corp.test';

const where = `10.0.4.12:25 (${hostname})`;

/** Details and technical details with which Postal shows a delivery that met this reply. */
export const asPostalSays = ({ stage, lines }: Pick<LabelledReply, 'stage' | 'lines'>): string => {
  const said = `${lines.join('\n')}\n`;
  const details = ((): string => {
    if (stage === 'banner' || stage === 'ehlo' || stage === 'starttls') return noServers('corp.example', hostname);
    if (stage === 'data') return temporaryErrorAt(where);
    if (isSuccess(said)) return acceptedBy(recipient, where);
    return replyErrorOf(said) === 'fatal' ? permanentErrorAt(where) : temporaryErrorAt(where);
  })();
  return `${details}\n${stage === 'data' ? `could not get 3xx (${said.slice(0, 3)}: ${said})` : said}`;
};
