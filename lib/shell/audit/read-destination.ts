import { hostname } from 'node:os';
import type { Destination } from '../../adapters/postal-reports/send-snapshot.ts';
import { senderShape, smallestReportKey } from '../../core/postal/reports/report-signature.ts';
import { UsageError } from '../shell-result.ts';

const keyVariable = 'POSTAL_ENDPOINT_REPORT_KEY';
const loopback = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

type Values = {
  readonly send?: string | undefined;
  readonly sender?: string | undefined;
  readonly server?: string | undefined;
};

const urlOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && loopback.test(url.hostname));
  if (url !== undefined && isSafe && url.username === '' && url.password === '') return url;
  throw new UsageError(
    "send: give the https URL of the deployment's output SnapshotUrl, such as https://example.execute-api.eu-central-1.amazonaws.com/postal/snapshots.",
  );
};

/** Reads `--send`, `--sender` and the key, which is in the environment: everyone on the machine can read command lines. Throws `UsageError`. */
export const readDestination = (
  { send, sender = hostname().toLowerCase(), server }: Values,
  environment: Readonly<Record<string, string | undefined>>,
): Destination | undefined => {
  if (send === undefined) return undefined;
  const url = urlOf(send);
  if (server !== undefined) throw new UsageError('send, server: give one of them. A report is of all mail servers.');
  if (!senderShape.test(sender))
    throw new UsageError(
      `sender: "${sender}" is not a name of lower-case letters, digits, dots and hyphens. Give the name under which the key is kept, with --sender.`,
    );
  const key = environment[keyVariable] ?? '';
  if (key.length < smallestReportKey)
    throw new UsageError(
      `${keyVariable}: set it to the key that the deployment's secret has for ${sender}; it has at least ${smallestReportKey} characters.`,
    );
  return { url, sender, key };
};
