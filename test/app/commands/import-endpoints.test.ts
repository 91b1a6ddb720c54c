import { describe, expect, it, test } from 'vitest';
import type { CommandOf } from '../../../lib/core/grammar/command.ts';
import { createMemoryFileDownload } from '../../support/memory-file-download.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const start = (options: Parameters<typeof workerUnderTest>[0] = {}) => {
  const worker = workerUnderTest(options);
  const givenFiles = createMemoryFileDownload();
  const importing = async (command: Omit<CommandOf<'import'>, 'verb'>, user = 'maria', requestId?: string) => {
    const message = worker.message('whoami', { user, ...(requestId === undefined ? {} : { requestId }) });
    await worker.work({ ...message, command: { verb: 'import', ...command }, text: 'import' }, 1, { givenFiles });
    return worker.lastReply();
  };
  return { worker, givenFiles, importing };
};

const url = 'https://files.slack.com/files-pri/T1-F1/download/names.csv';
const file = { name: 'names.csv', size: 40, url };

describe('import', () => {
  it('proposes the rows of a file, and shows mistakes and left-out lines in the same table', async () => {
    const { givenFiles, importing, worker } = start();
    const rows = ['host,ip,rack', 'a,10.0.4.1,x', 'b,10.0.4.999,', 'c.corp.internal,10.0.4.3,', 'A,10.0.4.1,'];
    givenFiles.given.set(url, { ok: true, bytes: Buffer.from(rows.join('\n')) });
    const reply = await importing({ file });
    expect(reply).toContain('Import names.csv (not read: column 3, \\"rack\\"): 2 additions');
    expect(reply).toContain('Apply 2 of 4');
    for (const part of [
      'a.corp.internal',
      'c.corp.internal',
      'line 3, column 2',
      '10.0.4.999 is not an IPv4 address',
      'line 5',
    ])
      expect(reply).toContain(part);
    expect(worker.zones.list()[0]?.recordSets.size).toBe(workerUnderTest().zones.list()[0]?.recordSets.size);
  });

  it('updates what is registered and differs, leaves alone what is the same, and adds the rest', async () => {
    const { importing, worker } = start();
    await worker.say('add a.corp.internal 10.0.4.1 --name GitLab');
    await worker.say('add b.corp.internal 10.0.4.2 --port 25');
    const reply = await importing({ pasted: 'host,ip,port\na,10.0.4.9,\nb,10.0.4.2,25\nc,10.0.4.3,\n' });
    expect(reply).toContain('Import the pasted text: 1 addition, 1 update');
    expect(reply).not.toContain('b.corp.internal');
    expect(reply).toContain('10.0.4.9');
  });

  it('says of a record that nobody registered how to adopt it, and adopts where the file has no target', async () => {
    const { importing, worker } = start();
    worker.zones.put('Z0CORP', [{ name: 'old.corp.internal', type: 'A', ttlSeconds: 60, values: ['10.0.4.7'] }]);
    expect(await importing({ pasted: 'host,ip\nold,10.0.4.7\n' })).toContain('adopt');
    expect(await importing({ pasted: 'host,port\nold,25\n' })).toContain('adopt 1');
  });

  it('carries on what was recorded when it is delivered again, without the file', async () => {
    const { importing, worker, givenFiles } = start();
    givenFiles.given.set(url, { ok: true, bytes: Buffer.from('host,ip\na,10.0.4.1\n') });
    const first = await importing({ file }, 'maria', 'request-77');
    expect(first).toContain('1 addition');
    await worker.ports.state.remove('handled-requests', 'request-77', new AbortController().signal);
    givenFiles.given.clear();
    expect(await importing({ file }, 'maria', 'request-77')).toBe(first);
  });

  test.each<[string, Parameters<ReturnType<typeof start>['importing']>[0], RegExp]>([
    ['a file at another host', { file }, /only links to this file/],
    ['unknown columns', { pasted: 'a,b\n1,2\n' }, /first line has: "a", "b"|first line has: \\"a\\"/],
    ['nothing', { pasted: ' ' }, /It is empty/],
    ['a zone that is none', { pasted: 'host\na\n', zone: 'a_b' }, /Its zone name is not valid/],
    ['no file at all', {}, /opens a form/],
  ])('refuses %s, and changes nothing', async (_, command, expected) => {
    const { givenFiles, importing } = start();
    givenFiles.given.set(url, { ok: false, reason: 'not-slack', message: 'x' });
    const reply = await importing(command);
    expect(reply).toMatch(expected);
    expect(reply).toContain('Nothing was changed');
  });

  it('is for those with the right to it', async () => {
    const { importing } = start({ policy: { grants: [{ name: 'adding', teams: ['T0TEAM'], verbs: ['add'] }] } });
    expect(await importing({ pasted: 'host,ip\na,10.0.4.1\n' })).not.toContain('Apply');
  });

  it.each(['csv', 'jsonl', 'zone'])('proposes nothing of what list --format %s wrote', async (format) => {
    const { importing, worker } = start();
    await worker.say('add a.corp.internal 10.0.4.1 --name "GitLab, old" --standby 10.0.4.2 --note =1');
    await worker.say(`list --format ${format}`);
    const [sent] = worker.files.uploads;
    const reply = await importing({ pasted: Buffer.from(sent?.bytes ?? '').toString() });
    expect(reply).toMatch(/there is nothing to change|nothing was changed.*1 name already has these values/);
    expect(reply).not.toContain('"Apply"');
  });

  it('proposes what would fix the endpoints of an audit, then says what to enter in Postal', async () => {
    const { importing, givenFiles, worker } = start();
    const endpoints = [
      {
        id: 1,
        server: 'a/b',
        name: 'Old <relay>',
        hostname: '10.0.4.12',
        port: 25,
        sslMode: 'Auto',
        findings: [{ code: 'ip-literal' }],
      },
      {
        id: 2,
        server: 'a/b',
        name: 'Theirs',
        hostname: 'x.example.com',
        port: 25,
        sslMode: 'Auto',
        findings: [{ code: 'unregistered' }],
      },
    ];
    const bytes = Buffer.from(JSON.stringify({ endpoints, registeredNotInPostal: [] }, null, 2));
    givenFiles.given.set(url, { ok: true, bytes });
    const last = await importing({ file: { ...file, name: 'audit.json' } });
    expect(last).toContain('Afterwards in Postal → Routing → SMTP Endpoints: 1 field to change');
    expect(last).toMatch(/Old &lt;relay&gt; · Hostname · 10\.0\.4\.12 · old-relay\S*\.corp\.internal/);
    const plan = JSON.stringify(worker.messenger.replies.at(-2)?.message);
    expect(plan).toContain('Import audit.json: 1 addition');
    expect(plan).toContain('endpoint 2');
  });

  it('says how many lines are wrong, however many there are, and proposes the rest', async () => {
    const { givenFiles, importing, worker } = start();
    const bytes = Buffer.from(`host,ip\n${'<!channel>,10.0.4\n'.repeat(20_000)}a,10.0.4.1\n`);
    givenFiles.given.set(url, { ok: true, bytes });
    const reply = await importing({ file: { ...file, name: '<!channel>.csv' } });
    expect(reply).toContain('Apply 1 of');
    const { text = '', blocks = [] } = worker.messenger.replies.at(-1)?.message ?? {};
    // A table's cells are plain text.
    const formatted = blocks.filter(({ type }) => type !== 'table');
    expect(`${text}${JSON.stringify(formatted)}`).not.toContain('<!channel>');
    expect(text).toContain('&lt;!channel&gt;.csv');
  });
});
