import { Resolver } from 'node:dns/promises';
import { beforeAll, expect, test } from 'vitest';
import { type Certificates, makeCertificates } from './certificates.ts';
import { parseInputs, readScenarios, type Scenario } from './scenario.ts';
import { startScenario } from './scenario-servers.ts';
import { TestClient } from './test-client.ts';

let certificates: Certificates;

beforeAll(async () => {
  certificates = await makeCertificates(Date.now());
});

const named = (id: string): Scenario => {
  const found = readScenarios().find((scenario) => scenario.id === id);
  if (found === undefined) throw new Error(`No scenario is called ${id}`);
  return found;
};

test('every scenario can be read, and has an id of its own', () => {
  const ids = readScenarios().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(170);
});

test('what a scenario says of a behaviour that no server knows is refused', () => {
  const listener = { ip: '127.77.0.1', port: 31001, smtp: { bannner: '220 x' } };
  expect(() => parseInputs({ hostname: 'a', port: 31001, ssl_mode: 'Auto', dns: {}, listeners: [listener] })).toThrow(
    /bannner/,
  );
});

test('the endpoint, its listeners and what Postal said get the ports that the system chose', async () => {
  await using running = await startScenario(named('host-normal'), certificates);
  const { inputs, postal } = running.scenario;
  expect(inputs.listeners.map(({ port }) => port)).toEqual([inputs.port]);
  expect(inputs.port).toBeGreaterThan(1023);
  expect(postal.details).toBe(
    `Message for user@customer.example accepted by 127.77.0.1:${inputs.port} (host-normal.oracle.test)`,
  );
  const resolver = new Resolver();
  resolver.setServers(inputs.nameservers);
  expect(await resolver.resolve4('host-normal.oracle.test')).toEqual(['127.77.0.1']);
  using client = new TestClient('127.77.0.1', Number(inputs.port));
  expect(await client.hear()).toBe('220 mx.oracle.test ESMTP ready');
});

test('a port above 65535 still leads round to its listener', async () => {
  await using running = await startScenario(named('port-65536plus'), certificates);
  const { inputs, postal } = running.scenario;
  expect(inputs.port).toBe(65_536 + (inputs.listeners[0]?.port ?? 0));
  expect(postal.details).toContain(`127.77.0.1:${inputs.port} `);
});

test('port 0 stays 0', async () => {
  await using running = await startScenario(named('port-zero'), certificates);
  expect(running.scenario.inputs.port).toBe(0);
  expect(running.scenario.postal).toEqual(named('port-zero').postal);
});

test('a port with a name is reached by its own number without being taken', async () => {
  await using running = await startScenario(named('port-string'), certificates);
  expect(running.scenario.inputs.port).toBe('smtp');
  expect(running.scenario.inputs.listeners[0]?.port).toBeGreaterThan(1023);
  using client = new TestClient('127.77.0.26', 25);
  expect(await client.hear()).toBe('220 mx.oracle.test ESMTP ready');
});

test('scenarios run at once, each with its own ports', async () => {
  await using first = await startScenario(named('host-normal'), certificates);
  await using second = await startScenario(named('host-normal'), certificates);
  expect(first.scenario.inputs.port).not.toBe(second.scenario.inputs.port);
  expect(first.scenario.inputs.nameservers).not.toEqual(second.scenario.inputs.nameservers);
});
