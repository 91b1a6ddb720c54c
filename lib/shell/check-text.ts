import type { Assessment } from '../core/postal/assessment.ts';
import type { AddressReport, SessionFacts, Stage } from '../core/probe-report/report.ts';
import { plain } from './plain.ts';

const marks: Readonly<Record<Stage['status'], string>> = { passed: '✓', failed: '✗', skipped: '–' };

const saidAt = ({ reply, asRead, detail, reason }: Stage): string => {
  const said = reply?.lines.at(-1) ?? (asRead === undefined || asRead.text === '' ? detail : asRead.text);
  return plain([reason, said].filter((part) => part !== undefined).join(': '));
};

const stageLine = (stage: Stage): string =>
  `    ${marks[stage.status]} ${stage.stage.padEnd(14)} ${`${stage.durationMs} ms`.padStart(12)}  ${saidAt(stage)}`.trimEnd();

const sessionLines = ({ stages }: SessionFacts): readonly string[] =>
  stages.filter(({ status }) => status !== 'skipped').map(stageLine);

const purposes = { 'plaintext-retry': 'again, without TLS', reconnect: 'again, after the connection broke' } as const;

const certificateLine = ({ tls }: AddressReport): readonly string[] => {
  if (tls === undefined) return [];
  const { certificate } = tls;
  const about =
    certificate === undefined
      ? ''
      : `, ${certificate.subject}, until ${certificate.notAfter.slice(0, 10)}, ${certificate.chainErrorText ?? 'verifies'}`;
  return [plain(`${tls.protocol} ${tls.cipher}${about}`)].map((line) => `    ${line}`);
};

const addressLines = (address: AddressReport): readonly string[] => [
  `  ${address.ip} port ${address.port}`,
  ...sessionLines(address),
  ...(address.further ?? []).flatMap((session) => [`    ${purposes[session.purpose]}:`, ...sessionLines(session)]),
  ...certificateLine(address),
];

/** A check as a person reads it in a terminal: verdict first, then Postal's words, addresses with their stages, findings. */
export const checkText = ({ report, prediction, verdict, findings }: Assessment): string => {
  const words = [prediction.details, prediction.output].map(plain).filter((text) => text !== '');
  return [
    verdict.sentence,
    ...(verdict.remark === undefined ? [] : [verdict.remark]),
    ...(words.length === 0 ? [] : ['', 'Postal will say:', ...words.map((text) => `  ${text}`)]),
    ...(report.addresses.length === 0 ? [] : ['', ...report.addresses.flatMap(addressLines)]),
    ...(findings.length === 0
      ? []
      : [
          '',
          ...findings.flatMap(({ severity, code, message, remedy }) => [
            `${severity}: ${plain(message)} [${code}]`,
            `  ${plain(remedy)}`,
          ]),
        ]),
  ].join('\n');
};
