import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { createLocalRoute53, type LocalRoute53 } from '../../lib/local/route53/local-route53.ts';

const headings = [
  'Batches',
  'Names and types',
  'Foreign records',
  'Listing',
  'Zones',
  'Change status',
  'Limits',
  'Faults',
  'Races',
  'Cleaning up',
];
const deadlineMs = 120_000;
const credentials = {
  AWS_ACCESS_KEY_ID: 'AKIALOCAL',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_REGION: 'eu-central-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
};

const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, [resolve('scripts/conformance.ts'), ...args], {
    env: { ...credentials, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: deadlineMs,
  });

const whole = (stream: ChildProcess['stdout']): Promise<string> =>
  stream === null ? Promise.resolve('') : text(stream);

const ended = async (child: ChildProcess) => {
  const exit = once(child, 'exit');
  const [said, complained] = await Promise.all([whole(child.stdout), whole(child.stderr)]);
  const [code] = await exit;
  const lines = said.trimEnd().split('\n');
  return { code, complained, lines, last: lines.at(-1) ?? '' };
};

/** Passes everything on to `url`; an answer that matches becomes a success that changed nothing. */
const startLaxProxy = async (url: string, pardoned: RegExp) => {
  const success =
    '<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/CLAX</Id><Status>PENDING</Status><SubmittedAt>2026-03-02T14:02:00.000Z</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>';
  const server = createServer((incoming, outgoing) => {
    const onward = request(
      new URL(incoming.url ?? '/', url),
      { method: incoming.method, headers: incoming.headers },
      async (answer) => {
        const body = await text(answer);
        const isPardoned = answer.statusCode === 400 && pardoned.test(body);
        outgoing
          .writeHead(isPardoned ? 200 : (answer.statusCode ?? 500), { 'Content-Type': 'text/xml' })
          .end(isPardoned ? success : body);
      },
    );
    incoming.pipe(onward);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
};

describe('npm run conformance', { timeout: deadlineMs }, () => {
  let route53: LocalRoute53;
  let url: string;

  beforeEach(async () => {
    route53 = createLocalRoute53({ clock: systemClock, zones: [{ id: 'ZCORP', name: 'corp.internal' }] });
    ({ url } = await route53.listen());
  });
  afterEach(() => route53.close());

  const zonesLeft = () => route53.zones.served().map(({ id }) => id);

  test('without a variable, the whole list holds of the local Route 53 that it starts', async () => {
    const { code, complained, lines, last } = await ended(start([]));
    expect(complained).toBe('');
    expect(lines.filter((line) => / did not hold: | could not be tried /.test(line))).toEqual([]);
    expect(lines.filter((line) => headings.includes(line))).toEqual(headings);
    const tally: { held: number } = JSON.parse(last);
    expect(tally).toEqual({ held: expect.any(Number), failed: 0, skipped: 0 });
    expect(tally.held).toBeGreaterThanOrEqual(110);
    expect(tally.held).toBe(lines.filter((line) => line.startsWith('  ') && line.endsWith(': held')).length);
    expect(code).toBe(0);
  });

  test('of a service that the variable names, it says what cannot be tried there, and leaves nothing behind', async () => {
    const { code, lines, last } = await ended(start(['--only', 'Faults'], { AWS_ENDPOINT_URL_ROUTE_53: url }));
    expect(lines[0]).toContain(`Against the service at ${url}`);
    expect(
      lines.filter((line) => line.includes('could not be tried here: the service cannot be told to fail so')),
    ).toHaveLength(5);
    expect(JSON.parse(last)).toEqual({ held: 5, failed: 0, skipped: 6 });
    expect(code).toBe(0);
    expect(zonesLeft()).toEqual(['ZCORP']);
  });

  test('a service that lets a CREATE of an existing set pass does not hold', async () => {
    const lax = await startLaxProxy(url, /but it already exists/);
    const { code, lines, last } = await ended(start(['--only', 'Batches'], { AWS_ENDPOINT_URL_ROUTE_53: lax.url }));
    lax.close();
    expect(lines.find((line) => line.startsWith('  CREATE of an existing set'))).toMatch(
      /: did not hold: expected a refusal like .*; got success$/,
    );
    expect(lines.find((line) => line.startsWith('  DELETE of nothing'))).toMatch(/: held$/);
    expect(JSON.parse(last)).toMatchObject({ failed: expect.toSatisfy((failed: number) => failed >= 2) });
    expect(code).toBe(1);
    expect(zonesLeft()).toEqual(['ZCORP']);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it, with everything deleted', async (signal) => {
    const child = start([], { AWS_ENDPOINT_URL_ROUTE_53: url });
    const outcome = ended(child);
    let seen = '';
    child.stdout?.on('data', (chunk) => {
      if (!seen.includes(': held') && `${seen}${chunk}`.includes(': held')) child.kill(signal);
      seen += String(chunk);
    });
    const { code, lines } = await outcome;
    expect(lines).toContain(`${signal}: no further check is begun; what was made is deleted`);
    expect(lines).not.toContain('Races');
    expect(lines.at(-2)).toBe('  every record and zone of the run is deleted: held');
    expect(code).toBe(1);
    expect(zonesLeft()).toEqual(['ZCORP']);
  });

  test('a wrong argument is said on standard error, with code 2, before anything is made', async () => {
    const { code, complained, lines } = await ended(start(['--real']));
    expect([code, complained, lines]).toEqual([2, expect.stringContaining('--vpc ID and --region R'), ['']]);
  });
});
