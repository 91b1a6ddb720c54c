import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { differences, saysTheSame } from '../../scripts/oracle/compare.ts';
import { replay } from '../../scripts/oracle/replay.ts';
import { outOfScope } from '../../scripts/oracle/scenario.ts';
import { type Certificates, makeCertificates } from '../support/oracle/certificates.ts';
import { parseInputs, readScenarios, type Scenario } from '../support/oracle/scenario.ts';
import { startScenario } from '../support/oracle/scenario-servers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** The longest of them waits for nameservers for 18 s. */
const timeoutMs = 90_000;

const canListen = async (ip: string): Promise<boolean> => {
  const server = createServer().listen(0, ip);
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
};

const hasAllOfLoopback = await canListen('127.77.0.1');
const hasIpv6 = await canListen('::1');
const needsIpv6 = ({ inputs }: Scenario): boolean => Object.values(inputs.dns).some(({ AAAA }) => AAAA !== undefined);

let certificates: Certificates;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  [certificates, folder] = await Promise.all([makeCertificates(Date.now()), temporaryFolder()]);
  await mkdir(join(folder.path, 'certs'));
  await writeFile(join(folder.path, 'certs', 'client-trust.pem'), certificates.publicRoot);
  await writeFile(join(folder.path, 'certs', 'privateca.pem'), certificates.privateRoot);
});

afterAll(() => folder[Symbol.asyncDispose]());

const scenarios = readScenarios();
const inScope = scenarios.filter(({ inputs }) => outOfScope(inputs) === undefined);

test('all but a few scenarios are about what one probe can tell', () => {
  expect(scenarios.length - inScope.length).toBeLessThanOrEqual(scenarios.length * 0.07);
});

// 127.77.0.1 and its like are there on Linux; elsewhere each has to be added to the loopback interface.
describe.skipIf(!hasAllOfLoopback)(
  'what Postal was seen to do is predicted, word for word',
  { concurrent: true },
  () => {
    test.for(inScope)('$category: $id: $description', { timeout: timeoutMs }, async (measured, { skip }) => {
      skip(needsIpv6(measured) && !hasIpv6, 'this machine has no ::1');
      await using running = await startScenario(measured, certificates);
      const { scenario } = running;
      const prediction = await replay(scenario.inputs, folder.path);
      expect(differences(prediction, scenario.expect)).toEqual([]);
      const { details, output } = prediction;
      if (!saysTheSame(prediction, scenario)) expect({ details, output }).toEqual(scenario.postal);
    });

    test('an endpoint without an SSL mode is sent to in plaintext', { timeout: timeoutMs }, async () => {
      const measured = inScope.find(
        ({ inputs, expect: { result } }) => inputs.ssl_mode === 'None' && result === 'Sent',
      );
      if (measured === undefined) throw new Error('No scenario has mode None');
      const inputs = parseInputs({ ...measured.inputs, ssl_mode: null });
      await using running = await startScenario({ ...measured, inputs }, certificates);
      const prediction = await replay(running.scenario.inputs, folder.path);
      // Postal's form does not save such a row again.
      expect(differences(prediction, { ...measured.expect, hostname_can_be_saved: false })).toEqual([]);
      expect(prediction.wireSecurity).toBe('plaintext');
    });
  },
);
