import { describe, expect, test } from 'vitest';
import { definitionDigest, parseMarker } from '../../../lib/core/dns/marker.ts';
import { changeBatch, makePlan, type PlanRequest, planDigest, recordSetsOf } from '../../../lib/core/dns/plan.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import type { Definition } from '../../../lib/core/endpoint/definition.ts';
import { checkDefinition } from '../../../lib/core/validation/check-definition.ts';
import { examplePolicy, exampleProfile } from '../validation/example-policy.ts';

const definitionOf = (...targets: readonly string[]): Definition => {
  const { definition } = checkDefinition(
    { hostname: 'gitlab.corp.internal', targets, ttl: '120' },
    examplePolicy(),
    exampleProfile(),
  );
  if (definition === undefined) throw new Error('the test wants a valid definition');
  return definition;
};

const change = { changeId: '01JD0000000000000000000000', generation: 1 };
const now = Date.parse('2026-02-03T04:05:06.789Z');
const definition = definitionOf('10.0.4.12');
const { hostname } = definition;
const request = {
  verb: 'add',
  hostname,
  definitionAfter: definition,
  zoneId: 'Z0CORP',
  existing: [],
  ...change,
  policyVersion: '0123456789ab',
  now,
} as const;

describe('recordSetsOf', () => {
  const marker = {
    name: '_postal-endpoint.gitlab.corp.internal',
    type: 'TXT',
    ttlSeconds: 120,
    values: [expect.stringContaining('v=1 ')],
  };
  const name = { name: 'gitlab.corp.internal', ttlSeconds: 120 };

  test('addresses of both families', () => {
    expect(recordSetsOf(definitionOf('10.0.4.12', 'fd00::12', '10.0.4.13'), change)).toEqual([
      { ...name, type: 'A', values: ['10.0.4.12', '10.0.4.13'] },
      { ...name, type: 'AAAA', values: ['fd00::12'] },
      marker,
    ]);
  });

  test('IPv6 alone', () =>
    expect(recordSetsOf(definitionOf('fd00::12'), change).map(({ type }) => type)).toEqual(['AAAA', 'TXT']));
  test('a CNAME', () =>
    expect(recordSetsOf(definitionOf('lb.corp.internal'), change)).toEqual([
      { ...name, type: 'CNAME', values: ['lb.corp.internal'] },
      marker,
    ]));
});

describe('makePlan', () => {
  const plan = makePlan(request);

  test('is the whole change as data', () => {
    expect(plan).toMatchObject({
      verb: 'add',
      hostname: 'gitlab.corp.internal',
      zoneId: 'Z0CORP',
      before: [],
      after: recordSetsOf(definition, change),
      definitionAfter: definition,
      release: { kind: 'at-once' },
      generation: 1,
      policyVersion: '0123456789ab',
      expiresAt: '2026-02-03T04:20:06.789Z',
    });
  });

  test('its marker says which change and which definition', () => {
    const values = plan.after.find(({ type }) => type === 'TXT')?.values ?? [];
    expect(parseMarker(values)).toMatchObject({
      ok: true,
      marker: { ...change, digest: definitionDigest(definition) },
    });
  });

  test('its digest covers everything else', () => {
    expect(plan.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(planDigest(plan)).toBe(plan.digest);
    expect(makePlan(request)).toEqual(plan);
    const others: readonly Partial<PlanRequest>[] = [
      { zoneId: 'Z1' },
      { changeId: '01JE' },
      { generation: 2 },
      { policyVersion: 'x' },
      { now: now + 1 },
      { definitionAfter: definitionOf('10.0.4.13') },
      { release: { kind: 'confirmation' } },
      { planMinutes: 5 },
    ];
    for (const other of others) {
      expect(makePlan({ ...request, ...other }).digest).not.toBe(plan.digest);
    }
  });

  test('survives JSON', () => expect(JSON.parse(JSON.stringify(plan))).toEqual(plan));
});

const set = (type: string, ...values: readonly string[]): RecordSet => ({
  name: 'gitlab.corp.internal',
  type,
  ttlSeconds: 60,
  values,
});

describe('changeBatch', () => {
  test('of an add creates, and never overwrites', () => {
    const plan = makePlan(request);
    expect(changeBatch(plan)).toEqual(plan.after.map((recordSet) => ({ action: 'CREATE', recordSet })));
  });

  test('deletes first, exactly what stood, also what is to stand again: whoever changed it meanwhile is not overlooked', () => {
    const before = [set('A', '10.0.4.12', '10.0.4.13'), set('TXT', '"old"')];
    const after = [set('A', '10.0.4.12', '10.0.4.13'), set('TXT', '"new"')];
    expect(changeBatch({ before, after })).toEqual([
      { action: 'DELETE', recordSet: before[0] },
      { action: 'DELETE', recordSet: before[1] },
      { action: 'CREATE', recordSet: after[0] },
      { action: 'CREATE', recordSet: after[1] },
    ]);
  });
});

describe('makePlan, of the other verbs', () => {
  const added = makePlan(request);
  const next = { changeId: '01JE0000000000000000000000', generation: 2 };

  test('an update goes from what stands to the new definition', () => {
    const moved = definitionOf('10.0.4.13');
    const plan = makePlan({
      ...request,
      ...next,
      verb: 'update',
      existing: added.after,
      definitionBefore: definition,
      definitionAfter: moved,
    });
    expect(plan).toMatchObject({
      before: added.after,
      after: recordSetsOf(moved, next),
      definitionBefore: definition,
      definitionAfter: moved,
    });
  });

  test('a removal leaves nothing', () => {
    const plan = makePlan({
      ...request,
      ...next,
      verb: 'remove',
      existing: added.after,
      definitionBefore: definition,
      definitionAfter: undefined,
    });
    expect(plan.after).toEqual([]);
    expect('definitionAfter' in plan).toBe(false);
  });

  test('an undo of an adoption leaves the record without the marker', () => {
    const foreign = [set('A', '10.0.4.12')];
    const plan = makePlan({
      ...request,
      ...next,
      verb: 'undo',
      existing: added.after,
      definitionBefore: definition,
      definitionAfter: undefined,
      undoes: { changeId: change.changeId, before: foreign },
    });
    expect(plan).toMatchObject({ after: foreign, undoes: change.changeId });
  });

  test('undoing leaves no marker behind where nothing is registered any more', () => {
    const record: RecordSet = { name: hostname, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
    const marker = recordSetsOf(definition, change).filter(({ type }) => type === 'TXT');
    expect(marker).toHaveLength(1);
    const { definitionAfter: _, ...rest } = request;
    const plan = makePlan({
      ...rest,
      verb: 'undo',
      existing: [record, ...marker],
      undoes: { changeId: change.changeId, before: [record, ...marker] },
    });
    expect(plan.after).toEqual([record]);
  });

  test('waits as long as policy says, for whom it says', () => {
    const release = { kind: 'approval', channelId: 'C0', because: 'production' } as const;
    expect(makePlan({ ...request, release, planMinutes: 5 })).toMatchObject({
      release,
      expiresAt: '2026-02-03T04:10:06.789Z',
    });
  });
});

test('an undo that leaves nothing registered goes back to the records without a marker', () => {
  const a = { name: hostname, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
  const marker = { name: `_postal-endpoint.${hostname}`, type: 'TXT', ttlSeconds: 60, values: ['"v=1"'] };
  const { definitionAfter: _none, ...bare } = request;
  const plan = makePlan({ ...bare, verb: 'undo', undoes: { changeId: change.changeId, before: [a, marker] } });
  expect(plan.after).toEqual([a]);
});
