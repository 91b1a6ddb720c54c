import { describe, expect, test } from 'vitest';
import {
  a,
  type ContractSteps,
  contractInsyncDelayMs,
  create,
  name,
  signal,
  vpc,
  zoneId,
} from './zone-store-fixture.ts';

/** Point reads, zones and the status of changes. */
export const readingContract = ({ harness, accept, read }: ContractSteps): void => {
  describe('reading', () => {
    test('a name without sets is empty, though others follow it', async () => {
      harness().put([{ name: `zzz.${name}`, type: 'A', ttlSeconds: 60, values: ['10.0.4.1'] }]);
      await accept(create(a('10.0.4.2', { name: 'gitlab-2.corp.internal' })));
      expect(await read(name)).toEqual([]);
    });

    test.each([601, 1_201])('among %i names every one is found, and only itself', async (count) => {
      harness().put(
        Array.from({ length: count }, (_, index) => ({
          name: `host-${index}.corp.internal`,
          type: 'A',
          ttlSeconds: 60,
          values: [`10.1.${index >> 8}.${index & 255}`],
        })),
      );
      const wanted = [0, 299, 300, count - 1].map((index) => `host-${index}.corp.internal`);
      expect((await read(...wanted, 'host-x.corp.internal')).map((found) => found.name)).toEqual(wanted);
    });

    test('a change that is still PENDING is visible', async () => {
      const changeInfoId = await accept(create(a('10.0.4.12')));
      expect(await harness().store.changeStatus(changeInfoId, signal)).toEqual({ ok: true, value: 'PENDING' });
      expect(await read(name)).toEqual([a('10.0.4.12')]);
    });

    test('a zone that is gone is no-such-zone, for every method', async () => {
      const expected = { kind: 'no-such-zone', message: expect.stringContaining('ZGONE') };
      expect(await harness().store.readNames('ZGONE', [name], signal)).toEqual({ ok: false, failure: expected });
      expect(await harness().store.inspectZone('ZGONE', signal)).toEqual({ ok: false, failure: expected });
      expect(await harness().store.submit('ZGONE', [create(a('10.0.4.12'))], 'contract', signal)).toEqual({
        kind: 'failed',
        failure: expected,
      });
    });
  });

  describe('zones', () => {
    test.each(['ZCORP', '/hostedzone/ZCORP'])('%s is inspected with its VPCs, and its rivals are found', async (id) => {
      const inspected = await harness().store.inspectZone(id, signal);
      expect(inspected).toEqual({
        ok: true,
        value: {
          zone: { id: 'ZCORP', name: 'corp.internal', isPrivate: true, vpcs: [vpc('vpc-1'), vpc('vpc-2')] },
          rivals: {
            ok: true,
            value: expect.toSatisfy(
              (rivals: readonly { id: string }[]) =>
                rivals
                  .map((rival) => rival.id)
                  .toSorted()
                  .join() === 'ZBELOW,ZTWIN',
            ),
          },
        },
      });
    });

    test('a rival names the VPCs that it shares', async () => {
      const inspected = await harness().store.inspectZone(zoneId, signal);
      const rivals = inspected.ok && inspected.value.rivals.ok ? inspected.value.rivals.value : [];
      expect(rivals.find((rival) => rival.id === 'ZBELOW')).toEqual({
        id: 'ZBELOW',
        name: 'mail.corp.internal',
        isPrivate: true,
        vpcs: [vpc('vpc-2')],
      });
      expect(rivals.find((rival) => rival.id === 'ZTWIN')?.vpcs).toEqual([vpc('vpc-1'), vpc('vpc-2')]);
    });

    test('a public zone is known as public', async () => {
      const inspected = await harness().store.inspectZone('ZPUBLIC', signal);
      expect(inspected).toMatchObject({
        ok: true,
        value: { zone: { isPrivate: false, vpcs: [] }, rivals: { ok: true, value: [] } },
      });
    });

    test('zone ids with the prefix work for reads and writes', async () => {
      const id = `/hostedzone/${zoneId}`;
      expect(await harness().store.submit(id, [create(a('10.0.4.12'))], 'contract', signal)).toMatchObject({
        kind: 'accepted',
      });
      expect(await harness().store.readNames(id, [name], signal)).toEqual({ ok: true, value: [a('10.0.4.12')] });
    });
  });

  describe('change status', () => {
    test('goes from PENDING to INSYNC, and knows the prefix', async () => {
      const changeInfoId = await accept(create(a('10.0.4.12')));
      await harness().advance(contractInsyncDelayMs - 1);
      expect(await harness().store.changeStatus(changeInfoId, signal)).toEqual({ ok: true, value: 'PENDING' });
      await harness().advance(1);
      expect(await harness().store.changeStatus(`/change/${changeInfoId}`, signal)).toEqual({
        ok: true,
        value: 'INSYNC',
      });
    });

    test('of an unknown change is denied, for asking again changes nothing', async () => {
      expect(await harness().store.changeStatus('CUNKNOWN', signal)).toEqual({
        ok: false,
        failure: { kind: 'denied', message: 'NoSuchChange: Could not find resource with ID: CUNKNOWN' },
      });
    });
  });
};
