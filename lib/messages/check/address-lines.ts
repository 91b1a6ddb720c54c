import { parseIpAddress } from '../../core/endpoint/ip-address.ts';
import type { Assessment } from '../../core/postal/assessment.ts';
import type { JudgedAddress } from '../../core/postal/findings/situation.ts';
import type { Stage } from '../../core/probe-report/report.ts';
import { code, escapeText, shortened } from '../block-kit/blocks.ts';
import { durationText, failurePhrase, saidBy } from './stage-words.ts';

/** As many as an endpoint may have; a name of someone else's with more has the rest counted. */
export const addressesShown = 8;
/** Escaping makes four or five characters of one. */
const longestSaying = 60;

const marks: Readonly<Record<JudgedAddress['reach'], string>> = { tls: '✓', plaintext: '⚠', dead: '✗', unknown: '?' };

const firstFailure = ({ stages }: JudgedAddress): Stage | undefined =>
  stages.find(
    ({ stage, status, reason }) =>
      status === 'failed' && reason !== 'not-offered' && stage !== 'rset' && stage !== 'quit',
  );

const failureText = (address: JudgedAddress): string => {
  const failed = firstFailure(address);
  if (failed?.reason === undefined) return '';
  const said = saidBy(failed);
  return `${failed.stage}: ${failurePhrase(failed.reason)}${said === '' ? '' : ` (${shortened(said, longestSaying)})`}`;
};

const whatWasMet = (address: JudgedAddress): string => {
  const failed = failureText(address);
  switch (address.reach) {
    case 'tls':
      return ['encrypted', address.tls?.protocol, failed]
        .filter((part) => part !== undefined && part !== '')
        .join(', ');
    case 'plaintext':
      return ['in plaintext', failed].filter((part) => part !== '').join('; ');
    case 'dead':
      return (
        failed ||
        (address.tls?.certificate?.chainError === undefined
          ? 'Postal does not get in'
          : 'the certificate does not verify')
      );
    case 'unknown':
      return failed || 'not probed';
  }
};

const same = (one: string, other: string): boolean =>
  (parseIpAddress(one)?.text ?? one) === (parseIpAddress(other)?.text ?? other);

/** Which address Postal uses, if there is more than one. */
const place = ({ ip }: JudgedAddress, { prediction, addresses }: Assessment): string => {
  if (addresses.length < 2) return '';
  const settled = prediction.entry?.ip ?? prediction.acceptedByIp;
  return settled !== null && same(settled, ip) ? ' · *Postal delivers here*' : '';
};

const totalMs = ({ stages }: JudgedAddress): number => stages.reduce((sum, { durationMs }) => sum + durationMs, 0);

const line = (address: JudgedAddress, assessment: Assessment): string =>
  `${marks[address.reach]} ${code(address.ip)} ${escapeText(whatWasMet(address))} · ${durationText(totalMs(address))}${place(address, assessment)}`;

/** One line an address, in Postal's order; of more than are shown, the rest is counted. */
export const addressLines = (assessment: Assessment): readonly string[] => {
  const { addresses } = assessment;
  const left = addresses.slice(addressesShown);
  const alive = left.filter(({ reach }) => reach === 'tls' || reach === 'plaintext').length;
  return [
    ...addresses.slice(0, addressesShown).map((address) => line(address, assessment)),
    ...(left.length === 0 ? [] : [`… and ${left.length} more addresses; ${alive} of these answer`]),
  ];
};
