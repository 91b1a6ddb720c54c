import { expect, it } from 'vitest';
import { logFieldsOf } from '../../../lib/app/worker/log-fields.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

it('names request and change of a command that changes something', async () => {
  const { message, work, ledger } = workerUnderTest();
  const add = message('add gitlab.mail.corp.internal 10.0.4.12 --note "secret plans"', { requestId: 'request-1' });
  await work(add);
  const [requested] = await ledger.read('gitlab.mail.corp.internal', new AbortController().signal);
  const changeId = requested?.body.kind === 'requested' ? requested.body.changeId : 'none';
  expect(logFieldsOf(add)).toEqual({
    kind: 'command',
    requestId: 'request-1',
    verb: 'add',
    hostname: 'gitlab.mail.corp.internal',
    changeId,
  });
  expect(JSON.stringify(logFieldsOf(add))).not.toContain('secret plans');
});

it('names what there is of the others', () => {
  const { message } = workerUnderTest();
  expect(logFieldsOf(message('list', { requestId: 'request-2' }))).toEqual({
    kind: 'command',
    requestId: 'request-2',
    verb: 'list',
  });
  const resume = { kind: 'resume', hostname: 'a.corp.internal', changeId: 'C1' } as const;
  expect(logFieldsOf(resume)).toEqual(resume);
  expect(logFieldsOf({ kind: 'given-up', message: resume })).toEqual({ ...resume, kind: 'given-up' });
  expect(logFieldsOf({ kind: 'incident', incidentId: 'I1', revision: 2 })).toEqual({
    kind: 'incident',
    incidentId: 'I1',
  });
});
