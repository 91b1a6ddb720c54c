import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createMachine } from '../../lib/local/machine.ts';
import { createLocalRoute53 } from '../../lib/local/route53/local-route53.ts';
import type { MachineState } from '../../lib/local/slack/page-api/machine-protocol.ts';
import { startSmtpSamples } from '../../lib/local/smtp/samples.ts';
import { onPage, startSampleSlack } from './slack/sample-workspace.ts';

const clock = { now: Date.now, sleep: () => Promise.resolve() };
const zone = { id: 'Z0CORP', name: 'corp.internal' };
const user = 'U0MARIA';
const host = 'gitlab.mail.corp.internal';
let open: AsyncDisposableStack;
afterEach(() => open.disposeAsync());

/** As the page gets it. */
const machineOf = async (url: string): Promise<MachineState | undefined> => {
  const state: { machine?: MachineState } = Object.assign(
    {},
    await (await fetch(`${url}/page/state?user=${user}`)).json(),
  );
  return state.machine;
};

const start = async () => {
  open = new AsyncDisposableStack();
  const samples = await startSmtpSamples({
    port: 0,
    implicitTlsPort: 0,
    certificateNames: ['*.mail.corp.internal'],
    nowEpochMs: Date.now(),
  });
  open.defer(async () => void (await Promise.all(samples.map((sample) => sample.close()))));
  const route53 = createLocalRoute53({ clock, zones: [zone] });
  const machine = createMachine({
    samples,
    hosted: route53.hosted,
    zone,
    alerts: { channel: 'mail-oncall', withinMinutes: 2 },
  });
  const slack = await startSampleSlack({ clock, machine });
  open.defer(() => slack.close());
  const state = () => machineOf(slack.url);
  const act = (name: string, request: Record<string, unknown>) => onPage(slack.url, name, { user, ...request });
  return { samples, route53, slack, state, act };
};

/** How connecting ends. */
const reached = async (host: string, port: number): Promise<string> => {
  const socket = connect({ host, port });
  try {
    return await Promise.race([
      once(socket, 'connect').then(() => 'connected'),
      once(socket, 'error').then(([error]) => String(error.code)),
    ]);
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    socket.destroy();
  }
};

describe('this machine, on the page', () => {
  test('lists the mail servers, stops one and starts it again where it was', async () => {
    const { samples, state, act } = await start();
    const [first] = samples;
    const address = first?.addresses[0] ?? '';
    const port = first?.port ?? 0;
    expect((await state())?.servers).toHaveLength(samples.length);
    expect((await state())?.servers[0]).toEqual({
      name: 'starttls',
      description: first?.description,
      addresses: [address],
      port,
      isUp: true,
    });

    expect(await act('server', { name: 'starttls', isUp: false })).toEqual({ ok: true });
    expect(await reached(address, port)).toBe('ECONNREFUSED');
    expect((await state())?.servers[0]).toMatchObject({ isUp: false, port });
    expect(await act('server', { name: 'starttls', isUp: true })).toEqual({ ok: true });
    expect(await reached(address, port)).toBe('connected');
    expect(await act('server', { name: 'nothing', isUp: true })).toEqual({
      ok: false,
      error: 'There is no mail server nothing here.',
    });
  });

  test('writes over what is in the zone and deletes it, as the local Route 53 takes it', async () => {
    const { route53, state, act } = await start();
    route53.put(zone.id, [{ name: host, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] }]);
    expect((await state())?.records).toEqual([{ name: host, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] }]);

    expect(
      await act('write-record', { name: host, type: 'A', values: ['10.0.4.13', '10.0.4.14'], ttlSeconds: 300 }),
    ).toEqual({ ok: true });
    expect((await state())?.records).toEqual([
      { name: host, type: 'A', ttlSeconds: 300, values: ['10.0.4.13', '10.0.4.14'] },
    ]);
    expect(await act('delete-record', { name: host, type: 'A' })).toEqual({ ok: true });
    expect((await state())?.records).toEqual([]);
    expect(await act('delete-record', { name: host, type: 'A' })).toEqual({
      ok: false,
      error: `corp.internal has no A at ${host}.`,
    });
  });

  test.each([
    [{ name: host, type: 'A', values: ['mx'], ttlSeconds: 60 }, 'not a valid IPv4 address'],
    [
      { name: 'gitlab.example.com', type: 'A', values: ['10.0.4.12'], ttlSeconds: 60 },
      'not permitted in zone corp.internal',
    ],
    [{ name: '', type: 'A', values: ['10.0.4.12'], ttlSeconds: 60 }, 'Give the whole name.'],
    [{ name: host, type: 'A', values: [], ttlSeconds: 60 }, 'Give at least one value'],
    [{ name: host, type: 'A', values: ['10.0.4.12'], ttlSeconds: null }, 'A TTL is a whole number of seconds.'],
  ])('says what is wrong with %j', async (record, wrong) => {
    const { state, act } = await start();
    expect(await act('write-record', record)).toEqual({ ok: false, error: expect.stringContaining(wrong) });
    expect((await state())?.records).toEqual([]);
  });

  test('tells open pages of every change', async () => {
    const { slack, act } = await start();
    const stop = new AbortController();
    const response = await fetch(`${slack.url}/page/events?user=${user}`, { signal: stop.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const until = async (words: string): Promise<string> => {
      for (let seen = ''; ; ) {
        seen += (await reader?.read())?.value ?? '';
        if (seen.includes(words)) return seen;
      }
    };
    await until('retry');
    await act('server', { name: 'silent', isUp: false });
    expect(await until('"kind":"machine"')).toContain('"isUp":false');
    await act('write-record', { name: host, type: 'A', values: ['10.0.4.12'], ttlSeconds: 60 });
    await until('10.0.4.12');
    stop.abort();
  });

  test('is not there where the page shows Slack alone', async () => {
    open = new AsyncDisposableStack();
    const slack = await startSampleSlack({ clock });
    open.defer(() => slack.close());
    expect(await machineOf(slack.url)).toBeNull();
    expect(await onPage(slack.url, 'server', { user, name: 'starttls', isUp: false })).toMatchObject({ ok: false });
  });
});
