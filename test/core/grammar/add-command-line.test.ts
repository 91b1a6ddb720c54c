import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DefinitionInput } from '../../../lib/core/endpoint/definition.ts';
import { addCommandLine } from '../../../lib/core/grammar/add-command-line.ts';
import { understand } from '../../../lib/core/grammar/grammar.ts';

test('is a command as one would type it', () => {
  const input: DefinitionInput = {
    hostname: 'gitlab.corp.internal',
    targets: ['10.0.4.12', 'fd00::12'],
    standby: ['10.0.5.12'],
    port: '25',
    sslMode: 'Auto',
    ttl: '60',
    name: 'GitLab "EU"',
    owner: 'U012AB',
    note: 'a\\b',
  };
  expect(addCommandLine(input)).toBe(
    '/postal-endpoint add gitlab.corp.internal 10.0.4.12 fd00::12 --standby 10.0.5.12 --port 25 --ssl-mode Auto --ttl 60 --name "GitLab \\"EU\\"" --owner U012AB --note "a\\\\b"',
  );
});

test('says no option that was not given', () => {
  expect(addCommandLine({ hostname: 'a.b', targets: ['10.0.4.12'], standby: [] })).toBe(
    '/postal-endpoint add a.b 10.0.4.12',
  );
});

test('is understood again as what it says', () => {
  const text = fc
    .string({ unit: fc.constantFrom(...'ab1.,=-—"“”«»\'’`\\ é📮'), minLength: 1, maxLength: 12 })
    .filter((value) => value.trim() === value);
  const input = fc.record({
    hostname: fc.constant('a.corp.internal'),
    targets: fc.constant(['10.0.4.12', 'fd00::1']),
    name: text,
    note: text,
  });
  fc.assert(
    fc.property(input, (definition) => {
      expect(understand(addCommandLine(definition))).toMatchObject({
        kind: 'command',
        command: { verb: 'add', definition, dryRun: false },
      });
    }),
    { numRuns: 1000 },
  );
});
