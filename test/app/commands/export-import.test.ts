import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listRegistered } from '../../../lib/app/state/directory.ts';
import { registryFormats } from '../../../lib/core/endpoint/registry-format.ts';
import { type RegistryRow, registryRow } from '../../../lib/core/endpoint/registry-row.ts';
import { commandLine } from '../../../lib/core/grammar/line.ts';
import { table } from '../../../lib/core/grammar/table.ts';
import { escapeText } from '../../../lib/messages/block-kit/blocks.ts';
import { hostileRows } from '../../support/hostile-registry.ts';
import { createMemoryFileDownload } from '../../support/memory-file-download.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const url = 'https://files.slack.com/files-pri/T1-F1/download/registry';

/** The command that registers a row; Slack escapes it. */
const addLine = ({ hostname, targets, standby, port, sslMode, ttl, name, owner, note }: RegistryRow): string =>
  commandLine(
    table.add,
    new Map<string, readonly string[]>([
      ['hostname', [hostname]],
      ['target', targets],
      ...(standby.length === 0 ? [] : [['standby', standby] as const]),
      ['port', [String(port)]],
      ['ssl-mode', [sslMode]],
      ['ttl', [String(ttl)]],
      ...Object.entries({ name, owner, note }).flatMap(([option, value]) =>
        value === null ? [] : [[option, [value]] as const],
      ),
    ]),
  );

it('of whatever is registered, nothing is left to import from its own export, in any format', async () => {
  let exported = 0;
  await fc.assert(
    fc.asyncProperty(hostileRows(1, 4), async (rows) => {
      const worker = workerUnderTest({
        policy: {
          cidrs: ['10.0.0.0/8', 'fd00::/8'],
          ports: [25, 465, 2525],
          ttl: { minimum: 30, default: 60, maximum: 300 },
        },
      });
      for (const row of rows) await worker.say(escapeText(addLine(row)));
      const registered = await listRegistered(worker.ports.state, signal);
      // A command line takes every kind of white space for a space, so texts may differ a little.
      const withoutSpace = (row: RegistryRow): string => JSON.stringify(row).replace(/\s/gu, '');
      expect(registered.map(({ definition }) => withoutSpace(registryRow(definition))).sort()).toEqual(
        rows.map(withoutSpace).sort(),
      );
      for (const format of registryFormats) {
        await worker.say(`list --format ${format}`);
        const sent = worker.files.uploads.at(-1);
        if (sent === undefined) throw new Error('no file was sent');
        const givenFiles = createMemoryFileDownload();
        givenFiles.given.set(url, { ok: true, bytes: Buffer.from(sent.bytes) });
        const command = { verb: 'import', file: { name: sent.name, size: sent.bytes.length, url } } as const;
        await worker.work({ ...worker.message('whoami'), command, text: 'import' }, 1, { givenFiles });
        const reply = worker.lastReply();
        const same =
          rows.length === 1 ? '1 name already has these values' : `${rows.length} names already have these values`;
        expect([format, reply]).toEqual([format, expect.stringContaining(same)]);
        expect(reply).not.toContain('"Apply');
        expect(reply).not.toContain('not read:');
        // A zone file has a SOA and an NS record, which are no endpoints.
        const leftOut = [...reply.matchAll(/✗ line \d+ · left out: (.*)/g)].map(([, why]) => why);
        expect([format, leftOut]).toEqual([
          format,
          format === 'zone' ? ['SOA', 'NS'].map((type) => expect.stringMatching(`Not imported: \\S+ ${type}$`)) : [],
        ]);
        exported += 1;
      }
    }),
    { numRuns: 80, seed: 1_730 },
  );
  expect(exported).toBe(80 * registryFormats.length);
});
