import type { Prediction } from '../../lib/core/postal/prediction.ts';
import type { Expectation, Scenario } from './scenario.ts';

const asExpectation = (
  prediction: Prediction,
): { readonly [Field in keyof Expectation]: Expectation[Field] | null } => ({
  class: prediction.class,
  result: prediction.result,
  resolved_ips_in_order: [...prediction.resolvedIpsInOrder],
  attempted_ips_in_order: [...prediction.attemptedIpsInOrder],
  accepted_by_ip: prediction.acceptedByIp,
  wire_security: prediction.wireSecurity,
  bounces_to_sender: prediction.bouncesToSender,
  will_retry: prediction.willRetry,
  retry_after_seconds: prediction.retryAfterSeconds,
  hostname_can_be_saved: prediction.hostnameCanBeSaved,
});

/** The fields in which a prediction is not what Postal did, each with both values. */
export const differences = (prediction: Prediction, expected: Expectation): readonly string[] => {
  const predicted = asExpectation(prediction);
  return Object.entries(expected).flatMap(([field, value]) => {
    const [mine, postals] = [JSON.stringify(predicted[field as keyof Expectation]), JSON.stringify(value)];
    return mine === postals ? [] : [`${field}: predicted ${mine}, Postal ${postals}`];
  });
};

/** What differs from run to run of the same delivery: the number of a file descriptor and the local port, the name of a temporary resolv.conf. */
const masked = (text: string): string =>
  text
    .replace(/#<TCPSocket:[^>]*>/g, '#<TCPSocket>')
    .replace(/\bin \S*resolv\S*\.conf$/, 'in resolv.conf')
    .trim();

/** Of a connection that is ended as soon as it stands, a client sees the end or a reset, whichever comes first. */
const ends =
  /SSL_connect returned=\d+ errno=\d+ peeraddr=\S+ state=error: unexpected eof while reading|Connection reset by peer(?: - SSL_connect)?|Broken pipe(?: - SSL_connect)?|end of file reached/g;

const endsAtOnce = ({ inputs: { listeners } }: Scenario): boolean =>
  listeners.some(({ tcp }) => tcp === 'accept_close' || tcp === 'accept_rst');

/** Whether details and output are Postal's, word for word. */
export const saysTheSame = (prediction: Prediction, scenario: Scenario): boolean => {
  const { postal } = scenario;
  const outputOf = (text: string): string =>
    endsAtOnce(scenario) ? masked(text).replace(ends, '(ended)') : masked(text);
  return (
    masked(prediction.details) === masked(postal.details) &&
    outputOf(prediction.output) === outputOf(postal.output ?? '')
  );
};
