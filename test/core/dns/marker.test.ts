import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  definitionDigest,
  formatMarker,
  type Marker,
  markerName,
  markerOf,
  parseMarker,
} from '../../../lib/core/dns/marker.ts';
import { parseTxt } from '../../../lib/core/dns/txt-value.ts';
import { type Definition, type DefinitionInput, sslModes } from '../../../lib/core/endpoint/definition.ts';
import { parseIpAddress } from '../../../lib/core/endpoint/ip-address.ts';
import { checkDefinition } from '../../../lib/core/validation/check-definition.ts';
import { examplePolicy, exampleProfile } from '../validation/example-policy.ts';

const definitionOf = (input: Partial<DefinitionInput> = {}): Definition => {
  const { definition } = checkDefinition(
    { hostname: 'gitlab.corp.internal', targets: ['10.0.4.12', '10.0.4.13'], ...input },
    examplePolicy(),
    exampleProfile(),
  );
  if (definition === undefined) throw new Error('the test wants a valid definition');
  return definition;
};

const digest = 'ab'.repeat(32);
const example: Marker = {
  version: 1,
  generation: 3,
  changeId: '01JD0000000000000000000000',
  port: 25,
  sslMode: 'Auto',
  digest,
};
const line = `v=1 generation=3 change=01JD0000000000000000000000 port=25 ssl-mode=Auto digest=${digest}`;

describe('a marker', () => {
  test('lies beside its hostname', () =>
    expect(markerName('gitlab.corp.internal')).toBe('_postal-endpoint.gitlab.corp.internal'));
  test('is one readable string', () => expect(formatMarker(example)).toEqual([`"${line}"`]));

  test('is read back, whatever it holds, in strings of 255 octets at most', () => {
    const targets = fc
      .oneof(fc.ipV4(), fc.ipV6(), fc.constant(`${'a.'.repeat(110)}corp.internal`))
      .map((text) => parseIpAddress(text)?.text ?? text);
    const markers: fc.Arbitrary<Marker> = fc.record(
      {
        version: fc.constant(1 as const),
        generation: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        changeId: fc.stringMatching(/^[\w-]{1,64}$/),
        port: fc.integer({ min: 1, max: 65_535 }),
        sslMode: fc.constantFrom(...sslModes),
        standby: fc.array(targets, { minLength: 1, maxLength: 8 }),
        digest: fc.stringMatching(/^[0-9a-f]{64}$/),
      },
      { requiredKeys: ['version', 'generation', 'changeId', 'port', 'sslMode', 'digest'] },
    );
    fc.assert(
      fc.property(markers, (marker) => {
        const values = formatMarker(marker);
        expect(parseMarker(values)).toEqual({ ok: true, marker });
        const txt = parseTxt(values[0] ?? '');
        expect(txt.ok && txt.strings.every((string) => string.length <= 255)).toBe(true);
      }),
    );
  });

  test.each([
    ['absent', []],
    ['several-values', [`"${line}"`, `"${line}"`]],
    ['not-a-marker', ['"hello"']],
    ['not-a-marker', ['']],
    ['not-a-marker', ['unquoted']],
    ['not-a-marker', ['"v=spf1 -all"']],
    ['unknown-version', [`"${line.replace('v=1', 'v=2')}"`]],
    ['malformed', [`"${line.replace('port=25', 'port=0')}"`]],
    ['malformed', [`"${line.replace('port=25', 'port=70000')}"`]],
    ['malformed', [`"${line.replace('Auto', 'auto')}"`]],
    ['malformed', [`"${line.replace('generation=3', 'generation=03')}"`]],
    ['malformed', [`"${line.slice(0, -1)}"`]],
    ['malformed', [`"${line} port=26"`]],
    ['malformed', [`"${line} more=1"`]],
    ['malformed', [`"${line} standby=010.0.0.1"`]],
    ['malformed', [`"${line} "`]],
  ] as const)('%s: %j', (reason, values) => expect(parseMarker(values)).toEqual({ ok: false, reason }));

  test('is refused before it is written, when it could not be read', () => {
    expect(() => formatMarker({ ...example, changeId: 'two words' })).toThrow(RangeError);
  });

  test('never throws on what others have written', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.string().map((text) => `"v=1 ${text}"`),
          ),
        ),
        (values) => void parseMarker(values),
      ),
    );
  });
});

describe('the digest of a definition', () => {
  test('does not depend on the order of addresses', () => {
    expect(definitionDigest(definitionOf({ targets: ['10.0.4.13', '10.0.4.12'] }))).toBe(
      definitionDigest(definitionOf()),
    );
    expect(definitionDigest(definitionOf({ standby: ['10.0.5.1', '10.0.5.2'] }))).toBe(
      definitionDigest(definitionOf({ standby: ['10.0.5.2', '10.0.5.1'] })),
    );
  });

  test.each([
    { hostname: 'x.corp.internal' },
    { targets: ['10.0.4.12'] },
    { standby: ['10.0.5.1'] },
    { port: '587' },
    { sslMode: 'None' },
    { ttl: '61' },
    { name: 'x' },
    { note: 'x' },
  ])('depends on %o', (input) =>
    expect(definitionDigest(definitionOf(input))).not.toBe(definitionDigest(definitionOf())),
  );

  test('is what its marker carries', () => {
    const definition = definitionOf({ standby: ['10.0.5.1'] });
    expect(markerOf(definition, { changeId: '01C', generation: 2 })).toEqual({
      version: 1,
      generation: 2,
      changeId: '01C',
      port: 25,
      sslMode: 'Auto',
      standby: ['10.0.5.1'],
      digest: definitionDigest(definition),
    });
  });
});
