import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jsonLogger } from '../../lib/adapters/log.ts';
import { withFields } from '../../lib/app/ports/logger.ts';
import { recordingLogger } from '../support/front-under-test.ts';

describe('jsonLogger', () => {
  const written: string[] = [];
  beforeEach(() => {
    written.length = 0;
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  });
  afterEach(() => void vi.restoreAllMocks());

  it('writes one JSON line a call, with its own fields and the call’s', () => {
    const log = jsonLogger({ function: 'worker', requestId: 'request-1' });
    log.info('queued', { verb: 'add' });
    log.warn('later');
    log.error('broken', { requestId: 'request-2' });
    expect(written.map((line) => [line.endsWith('}\n'), line.trimEnd().includes('\n')])).toEqual([
      [true, false],
      [true, false],
      [true, false],
    ]);
    expect(written.map((line) => JSON.parse(line))).toMatchObject([
      {
        level: 'INFO',
        message: 'queued',
        service: 'postal-endpoint',
        function: 'worker',
        requestId: 'request-1',
        verb: 'add',
        timestamp: expect.stringMatching(/^\d{4}-/),
      },
      { level: 'WARN', message: 'later', requestId: 'request-1' },
      { level: 'ERROR', message: 'broken', requestId: 'request-2' },
    ]);
  });

  it('says of an error its name, message, stack and cause', () => {
    jsonLogger({}).error('broken', { error: new RangeError('too far', { cause: new Error('a step') }) });
    expect(JSON.parse(written[0] ?? '')).toMatchObject({
      error: {
        name: 'RangeError',
        message: 'too far',
        stack: expect.stringContaining('log.test.ts'),
        cause: { name: 'Error', message: 'a step' },
      },
    });
  });
});

describe('jsonLogger, of errors that carry more', () => {
  it('says nothing of it', () => {
    const write = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const error = Object.assign(new Error('refused', { cause: { headers: { authorization: 'Bearer hunter2' } } }), {
      config: { token: 'hunter2' },
    });
    jsonLogger({}).error('broken', { error, failure: { error } });
    const written = write.mock.calls.map(([line]) => String(line)).join('');
    vi.restoreAllMocks();
    expect(written).toContain('refused');
    expect(written).not.toContain('hunter2');
  });
});

describe('withFields', () => {
  it('asks a function anew for each line', () => {
    const log = recordingLogger();
    let current = 'first';
    const with_ = withFields(log, () => ({ requestId: current }));
    with_.info('one');
    current = 'second';
    with_.warn('two', { more: true });
    expect(log.lines.map(({ fields }) => fields)).toEqual([
      { requestId: 'first' },
      { requestId: 'second', more: true },
    ]);
  });
});
