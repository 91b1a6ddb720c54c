import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseHostname } from '../endpoint/hostname.ts';
import { checkPort } from '../endpoint/port-rules.ts';
import { checkSslMode } from '../endpoint/ssl-mode-rules.ts';
import { loadPolicy, PolicyInvalid } from '../policy/load-policy.ts';
import { loadPostalProfile, PostalProfileInvalid } from '../postal/load-profile.ts';
import { createProber } from '../probe/prober.ts';
import type { ProbeReport } from '../probe/report.ts';
import { type Grade, summarise } from '../probe/summary.ts';
import { systemClock } from '../system-clock.ts';
import { readArguments, type ShellResult, UsageError } from './shell-result.ts';

const deadlineMs = 40_000;
const exitCodes: Readonly<Record<Grade, ShellResult['exitCode']>> = { good: 0, partial: 1, bad: 2, unknown: 3 };

const needed = (name: string, value: string | undefined): string => {
  if (value === undefined) throw new UsageError(`--${name} is missing. Give the file that the deployment uses.`);
  return value;
};

const loaded = <File>(load: () => File): File => {
  try {
    return load();
  } catch (error) {
    if (error instanceof PolicyInvalid || error instanceof PostalProfileInvalid) throw new UsageError(error.message, { cause: error });
    throw error;
  }
};

const inWords = (report: ProbeReport): string => {
  const summary = summarise(report, Date.now());
  return [
    summary.headline,
    ...summary.addresses.map(({ ip, grade, text, durationMs }) => `  ${grade === 'good' ? '✓' : '✗'} ${ip} ${text} (${durationMs} ms)`),
    ...summary.notes.map((note) => `  ${note}`),
  ].join('\n');
};

/** `postal-endpoint check`: one probe from this machine, with the nameservers of the Postal profile, inside the ranges and ports of the policy. */
export const checkInShell = async (args: readonly string[]): Promise<ShellResult> => {
  const { values, positionals } = readArguments(args, {
    policy: { type: 'string' },
    profile: { type: 'string' },
    port: { type: 'string' },
    'ssl-mode': { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new UsageError('hostname: give one, such as gitlab.mail.corp.internal.');
  const parsed = parseHostname(name);
  if (!('hostname' in parsed)) throw new UsageError(parsed.findings.map(({ wrong, right }) => `hostname: ${wrong} ${right}`).join('\n'));
  const policy = loaded(() => loadPolicy(needed('policy', values.policy)));
  const profileFile = needed('profile', values.profile);
  const profile = loaded(() => loadPostalProfile(profileFile));
  const port = checkPort(values.port, policy);
  const mode = checkSslMode(values['ssl-mode']);
  if (port.port === undefined || mode.sslMode === undefined) {
    throw new UsageError([...port.findings, ...mode.findings].map(({ argument, wrong, right }) => `${argument}: ${wrong} ${right}`).join('\n'));
  }
  const ca = profile.caFile === undefined ? undefined : readFileSync(resolve(dirname(profileFile), profile.caFile), 'utf8');
  const prober = createProber({ policy, profile, clock: systemClock, ...(ca === undefined ? {} : { ca }) });
  const request = {
    requestId: 'shell',
    hostname: parsed.hostname,
    port: port.port,
    sslMode: mode.sslMode,
    recordTypes: ['AAAA', 'A'] as const,
    deadlineMs,
  };
  const result = await prober.probe(request, AbortSignal.timeout(deadlineMs));
  if (!result.ok) return { text: values.json ? JSON.stringify(result.failure) : result.failure.message, exitCode: 3 };
  const { grade } = summarise(result.report, Date.now());
  return { text: values.json ? JSON.stringify(result.report) : inWords(result.report), exitCode: exitCodes[grade] };
};
