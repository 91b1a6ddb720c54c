import type { KnownBlock } from '@slack/types';
import type { AddressReport, ProbeReport, Stage } from '../../core/probe-report/report.ts';
import { code, context, shortened, table } from '../block-kit/blocks.ts';
import { addressesShown } from './address-lines.ts';
import { durationText, failurePhrase, saidBy } from './stage-words.ts';

const longestCell = 100;

const resultCell = (stage: Stage | undefined): string =>
  stage === undefined || stage.status === 'skipped'
    ? '–'
    : `${stage.status === 'passed' ? '✓' : '✗'} ${durationText(stage.durationMs)}`;

/** With the reason, for there is no other column for it; a handshake fails without one where Postal refuses the certificate. */
const wholeResultCell = (stage: Stage | undefined): string =>
  stage?.status === 'failed'
    ? `${resultCell(stage)} ${stage.reply?.code ?? stage.reason ?? 'certificate'}`
    : resultCell(stage);

/** What was met at a stage of the only address. */
const metCell = (stage: Stage, address: AddressReport, report: ProbeReport): string => {
  if (stage.status === 'failed')
    return shortened(saidBy(stage) || (stage.reason === undefined ? '' : failurePhrase(stage.reason)), longestCell);
  switch (stage.stage) {
    case 'connect':
      return report.seenFrom === undefined ? '' : `from ${report.seenFrom}`;
    case 'tls':
      return address.tls === undefined ? '' : shortened(`${address.tls.protocol}, ${address.tls.cipher}`, longestCell);
    case 'banner':
      return shortened(stage.reply?.lines[0] ?? address.banner ?? '', longestCell);
    case 'ehlo':
    case 'ehlo-tls':
      return shortened(
        (stage.reply?.lines.slice(1) ?? []).map((line) => line.slice(4)).join(', ') || (stage.reply?.lines[0] ?? ''),
        longestCell,
      );
    default:
      return shortened(stage.reply?.lines[0] ?? stage.detail ?? '', longestCell);
  }
};

const again: Readonly<Record<NonNullable<AddressReport['further']>[number]['purpose'], string>> = {
  'plaintext-retry': 'in plaintext',
  reconnect: 'again',
};

/** Stages that no address came to are left out: the table ends where the session did, and how QUIT went matters only where all went well. */
const happened = ({ stage, status, detail }: Stage): boolean =>
  (status !== 'skipped' || detail !== undefined) && (stage !== 'quit' || status !== 'failed');

const only = (address: AddressReport, report: ProbeReport): KnownBlock =>
  table(
    ['stage', 'result', 'answer or error'],
    [
      ...address.stages
        .filter(happened)
        .map((stage) => [stage.stage, resultCell(stage), metCell(stage, address, report)]),
      ...(address.further ?? []).flatMap(({ purpose, stages, ...facts }) =>
        stages
          .filter(happened)
          .map((stage) => [
            `${again[purpose]}: ${stage.stage}`,
            resultCell(stage),
            metCell(stage, { ...address, ...facts }, report),
          ]),
      ),
    ],
    [2],
  );

const many = (addresses: readonly AddressReport[]): KnownBlock => {
  const names = [...new Set(addresses.flatMap(({ stages }) => stages.filter(happened).map(({ stage }) => stage)))];
  return table(
    ['stage', ...addresses.map(({ ip }) => ip)],
    names.map((name) => [
      name,
      ...addresses.map(({ stages }) => wholeResultCell(stages.find(({ stage }) => stage === name))),
    ]),
  );
};

/** Stages as a table: of one address with its answers and errors, of several one column each. Of more addresses than fit, the rest is named below. */
export const stageBlocks = (report: ProbeReport): KnownBlock[] => {
  const shown = report.addresses.slice(0, addressesShown);
  const left = report.addresses.slice(addressesShown);
  const [first] = shown;
  if (first === undefined) return [];
  return [
    report.addresses.length === 1 ? only(first, report) : many(shown),
    ...(left.length === 0
      ? []
      : [context(`stages of ${left.length} more addresses are left out: ${left.map(({ ip }) => code(ip)).join(' ')}`)]),
  ];
};
