import { describe, expect, test } from 'vitest';
import { definitionDigest, parseMarker } from '../../lib/dns/marker.ts';
import { changeBatch, makeAddPlan, planDigest, recordSetsOf } from '../../lib/dns/plan.ts';
import type { RecordSet } from '../../lib/dns/record-set.ts';
import { checkDefinition } from '../../lib/endpoint/check-definition.ts';
import type { Definition } from '../../lib/endpoint/definition.ts';
import { examplePolicy, exampleProfile } from '../endpoint/example-policy.ts';

const definitionOf = (...targets: readonly string[]): Definition => {
  const { definition } = checkDefinition({ hostname: 'gitlab.corp.internal', targets, ttl: '120' }, examplePolicy(), exampleProfile());
  if (definition === undefined) throw new Error('the test wants a valid definition');
  return definition;
};

const change = { changeId: '01JD0000000000000000000000', generation: 1 };
const now = Date.parse('2026-02-03T04:05:06.789Z');
const request = { definition: definitionOf('10.0.4.12'), zoneId: 'Z0CORP', existing: [], ...change, policyVersion: '0123456789ab', now };

describe('recordSetsOf', () => {
  const marker = { name: '_postal-endpoint.gitlab.corp.internal', type: 'TXT', ttlSeconds: 120, values: [expect.stringContaining('v=1 ')] };
  const name = { name: 'gitlab.corp.internal', ttlSeconds: 120 };

  test('addresses of both families', () => {
    expect(recordSetsOf(definitionOf('10.0.4.12', 'fd00::12', '10.0.4.13'), change)).toEqual([
      { ...name, type: 'A', values: ['10.0.4.12', '10.0.4.13'] },
      { ...name, type: 'AAAA', values: ['fd00::12'] },
      marker,
    ]);
  });

  test('IPv6 alone', () => expect(recordSetsOf(definitionOf('fd00::12'), change).map(({ type }) => type)).toEqual(['AAAA', 'TXT']));
  test('a CNAME', () =>
    expect(recordSetsOf(definitionOf('lb.corp.internal'), change)).toEqual([{ ...name, type: 'CNAME', values: ['lb.corp.internal'] }, marker]));
});

describe('makeAddPlan', () => {
  const plan = makeAddPlan(request);

  test('is the whole change as data', () => {
    expect(plan).toMatchObject({
      verb: 'add',
      hostname: 'gitlab.corp.internal',
      zoneId: 'Z0CORP',
      before: [],
      after: recordSetsOf(request.definition, change),
      definitionAfter: request.definition,
      generation: 1,
      policyVersion: '0123456789ab',
      expiresAt: '2026-02-03T04:20:06.789Z',
    });
  });

  test('its marker says which change and which definition', () => {
    const values = plan.after.find(({ type }) => type === 'TXT')?.values ?? [];
    expect(parseMarker(values)).toMatchObject({ ok: true, marker: { ...change, digest: definitionDigest(request.definition) } });
  });

  test('its digest covers everything else', () => {
    expect(plan.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(planDigest(plan)).toBe(plan.digest);
    expect(makeAddPlan(request)).toEqual(plan);
    for (const other of [
      { zoneId: 'Z1' },
      { changeId: '01JE' },
      { generation: 2 },
      { policyVersion: 'x' },
      { now: now + 1 },
      { definition: definitionOf('10.0.4.13') },
    ]) {
      expect(makeAddPlan({ ...request, ...other }).digest).not.toBe(plan.digest);
    }
  });

  test('survives JSON', () => expect(JSON.parse(JSON.stringify(plan))).toEqual(plan));
});

describe('changeBatch', () => {
  const set = (type: string, ...values: readonly string[]): RecordSet => ({ name: 'gitlab.corp.internal', type, ttlSeconds: 60, values });

  test('of an add creates, and never overwrites', () => {
    const plan = makeAddPlan(request);
    expect(changeBatch(plan)).toEqual(plan.after.map((recordSet) => ({ action: 'CREATE', recordSet })));
  });

  test('deletes first, exactly what stood, and leaves out what stays', () => {
    const before = [set('A', '10.0.4.12', '10.0.4.13'), set('AAAA', 'fd00::1'), set('TXT', '"old"')];
    const after = [set('A', '10.0.4.13', '10.0.4.12'), set('AAAA', 'fd00::2'), set('TXT', '"new"')];
    expect(changeBatch({ before, after })).toEqual([
      { action: 'DELETE', recordSet: before[1] },
      { action: 'DELETE', recordSet: before[2] },
      { action: 'CREATE', recordSet: after[1] },
      { action: 'CREATE', recordSet: after[2] },
    ]);
  });

  test('a TTL is part of a set', () => {
    const before = [set('A', '10.0.4.12')];
    const after = [{ ...set('A', '10.0.4.12'), ttlSeconds: 61 }];
    expect(changeBatch({ before, after }).map(({ action }) => action)).toEqual(['DELETE', 'CREATE']);
  });

  test('is empty when nothing changes', () => expect(changeBatch({ before: [set('A', '10.0.4.12')], after: [set('A', '10.0.4.12')] })).toEqual([]));

  test('a second add over the first changes the marker alone', () => {
    const first = makeAddPlan(request);
    const second = makeAddPlan({ ...request, existing: first.after, changeId: '01JE', generation: 2 });
    expect(changeBatch(second).map(({ action, recordSet }) => `${action} ${recordSet.type}`)).toEqual(['DELETE TXT', 'CREATE TXT']);
  });
});
