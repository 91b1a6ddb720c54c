import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readPostal } from '../../../lib/app/postal/read-postal.ts';
import { postalReports, saveReport } from '../../../lib/app/state/postal/postal-report-store.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import type { Snapshot } from '../../../lib/core/postal/audit/snapshot.ts';
import { snapshotReportJson } from '../../../lib/core/postal/reports/snapshot-report.ts';
import { auditText } from '../../../lib/shell/audit/audit-text.ts';
import { findingsSaid, rowsSaid, saidInShell } from '../../support/audit-said.ts';
import { orderlyPorts } from '../../support/orderly-ports.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const signal = () => AbortSignal.timeout(5_000);

const withReport = async (
  change: (snapshot: Snapshot) => Snapshot = (snapshot) => snapshot,
  ageMs = 300_000,
  clockAheadMs = 0,
  options: Parameters<typeof workerUnderTest>[0] = {},
) => {
  const worker = workerUnderTest(options);
  const nowMs = worker.clock.now();
  const snapshot = change(sampleSnapshot(nowMs - ageMs));
  const report = { sender: 'postal1', part: null, atMs: snapshot.atMs, receivedAtMs: nowMs, clockAheadMs };
  const packed = gzipSync(snapshotReportJson({ part: null, snapshot })).toString('base64');
  await saveReport(worker.ports.state, { ...report, packed }, signal());
  /** What the ledger keeps of what was remarked on the last change of a name. */
  const warnings = async (hostname: string): Promise<readonly string[]> =>
    [...fold(await worker.ledger.read(hostname, signal())).changes.values()].at(-1)?.warnings ?? [];
  const home = async (): Promise<string> => {
    const { text: _, ...message } = worker.message('whoami');
    await worker.work({ ...message, text: 'home', command: { verb: 'home' } });
    return JSON.stringify(worker.messenger.homes.get('U0MARIA'));
  };
  return { ...worker, warnings, home };
};

describe('audit', () => {
  test('shows the worst first, with what waits and who reported it', async () => {
    const worker = await withReport();
    await worker.say('audit');
    const reply = worker.lastReply();
    expect(reply).toMatch(/❌ \*Postal: 5 critical, 2 warnings\* in 3 endpoints, as postal1 reported 5 min ago/);
    expect(reply.indexOf('Tickets')).toBeLessThan(reply.indexOf('GitLab'));
    expect(reply).toContain('27 wait, nothing accepted in 72 h');
    expect(reply).toContain('ip-literal');
  });

  test('of one hostname says what is wrong and how to mend it', async () => {
    const worker = await withReport();
    await worker.say('audit 10.0.4.12');
    expect(worker.lastReply()).toContain('The hostname is the IP address 10.0.4.12.');
    expect(worker.lastReply()).not.toContain('GitLab');
  });

  test('of one hostname reads what is around it in its zone, and not the whole zone', async () => {
    const worker = await withReport();
    const zoneListing = {
      ...worker.ports.zoneListing,
      list: () => Promise.reject(new Error('the whole zone was listed')),
    };
    const ask = () => worker.work(worker.message('audit gitlab.mail.corp.internal'), 1, { zoneListing });
    await ask();
    expect(worker.lastReply()).toContain('dead-name');
    await worker.say('add gitlab.mail.corp.internal 10.0.4.12');
    await ask();
    expect(worker.lastReply()).not.toContain('dead-name');
  });

  test('says of which zone it could not read', async () => {
    const worker = await withReport();
    const message = 'the caller stopped waiting for Route 53';
    const list = async () => ({ ok: false, failure: { kind: 'unreachable', message } }) as const;
    const zoneListing = { ...worker.ports.zoneListing, list };
    await worker.work(worker.message('audit'), 1, { zoneListing });
    expect(worker.lastReply()).toContain(
      `Zone \`corp.internal\` could not be read, so it is not known whether its names resolve: ${message}`,
    );
    expect(worker.lastReply()).not.toContain('dead-name');
  });

  test('of one mail server leaves out the others, and names those there are', async () => {
    const worker = await withReport();
    await worker.say('audit --server acme/staging');
    expect(worker.lastReply()).toContain('in 1 endpoint of acme/staging');
    await worker.say('audit --server acme/nothing');
    expect(worker.lastReply()).toContain('Known ones: acme/production, acme/staging.');
  });

  test('before any report says how to send one', async () => {
    const worker = workerUnderTest();
    await worker.say('audit');
    expect(worker.lastReply()).toContain('postal-endpoint audit --send URL');
  });

  test('warns of an old report', async () => {
    const worker = await withReport((snapshot) => snapshot, 3 * 3_600_000);
    await worker.say('audit');
    expect(worker.lastReply()).toContain('⚠️ as postal1 reported 3 h ago');
  });

  test('of 3,000 endpoints with hostile names fits into messages', async () => {
    const hostile = '<!channel> `*x*` 𝕏\u202e &amp; '.repeat(8);
    const worker = await withReport((snapshot) => ({
      ...snapshot,
      endpoints: Array.from({ length: 3000 }, (_, id) => ({
        id: 100 + id,
        serverId: 1,
        name: hostile.slice(0, 255),
        hostname: hostile.slice(0, 255),
        port: 25,
        sslMode: 'Auto',
        wasUsed: false,
      })),
    }));
    await worker.say('audit --page 7');
    expect(worker.lastReply()).toContain('page 7 of');
    expect(worker.lastReply()).not.toMatch(/"mrkdwn","text":"[^"]*<!channel>/);
  });

  test('says the same findings as the shell, in the same order, over all pages', async () => {
    const worker = await withReport((snapshot) => ({
      ...snapshot,
      endpoints: [
        ...snapshot.endpoints,
        ...Array.from({ length: 60 }, (_, index) => ({
          id: 100 + index,
          serverId: 1 + (index % 2),
          name: `Endpoint ${String(index).padStart(2, '0')}`,
          hostname: index % 3 === 0 ? `10.1.0.${index}` : `name-${index}.corp.internal`,
          port: index % 4 === 0 ? 465 : 25,
          sslMode: index % 5 === 0 ? 'STARTTLS' : 'Auto',
          wasUsed: index % 2 === 0,
        })),
      ],
    }));
    const view = await readPostal(worker.ports, signal());
    if (view === undefined) throw new Error('no report');
    const expected = saidInShell(auditText(view.audit, 'the sample'));
    const said: string[] = [];
    for (let page = 1; said.length < expected.length; page += 1) {
      await worker.say(`audit --page ${page}`);
      const rows = rowsSaid(worker.lastReply());
      expect(rows.length).toBeGreaterThan(0);
      said.push(...rows);
    }
    expect(said).toEqual(expected.map(({ name, found }) => `${name} · ${found.map(({ code }) => code).join(', ')}`));
    expect(said).toHaveLength(63);
    for (const hostname of ['10.0.4.12', 'gitlab.mail.corp.internal', '10.1.0.0', 'name-20.corp.internal']) {
      await worker.say(`audit ${hostname}`);
      const found = expected.filter(({ place }) => place === hostname).flatMap((each) => each.found);
      expect(found.length).toBeGreaterThan(0);
      expect(findingsSaid(worker.lastReply())).toEqual(found);
    }
  });

  test('offers to import what fixes it, and that proposes the names', async () => {
    const worker = await withReport();
    await worker.say('audit');
    expect(worker.button('Import fixes')).toBe('import --from-postal');
    await worker.say('import --from-postal');
    const [plan, afterwards] = worker.messenger.replies.slice(-2).map(({ message }) => message.text);
    expect(plan).toContain("Import fixes for Postal's endpoints, as postal1 reported 5 min ago: 1 addition");
    expect(plan).toContain('gitlab.mail.corp.internal has no address in DNS');
    expect(afterwards).toContain('Tickets · Hostname · 10.0.4.12 · tickets.corp.internal');
    await worker.say('audit 10.0.4.12');
    await worker.say(worker.button('Import fixes'));
    const [narrowed] = worker.messenger.replies.slice(-2).map(({ message }) => message.text);
    expect(narrowed).toContain('tickets.corp.internal');
    expect(narrowed).not.toContain('gitlab');
  });

  test('has no button to import for whoever may not import', async () => {
    const worker = await withReport(undefined, undefined, undefined, {
      policy: { grants: [{ name: 'readers', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['audit'] }] },
    });
    await worker.say('audit');
    expect(worker.lastReply()).toContain('Tickets');
    expect(worker.lastReply()).not.toContain('Import fixes');
  });

  test('offers no import where nothing can be proposed', async () => {
    const worker = await withReport((snapshot) => ({ ...snapshot, endpoints: [] }));
    await worker.say('audit');
    expect(worker.lastReply()).not.toContain('Import fixes');
    await worker.say('import --from-postal --server nothing');
    expect(worker.lastReply()).toContain('Postal has no mail server \\"nothing\\"');
  });
});

describe('show', () => {
  test('says where the name is entered in Postal, with source and age', async () => {
    const worker = await withReport();
    await worker.say('add gitlab.mail.corp.internal 10.0.4.12');
    await worker.say('show gitlab.mail.corp.internal');
    const reply = worker.lastReply();
    expect(reply).toContain('*In Postal*: entered as GitLab in acme/production: 1 route; last accepted 10 min ago.');
    expect(reply).toContain('*In Postal*: entered as GitLab in acme/staging: 1 route.');
    expect(reply).toContain('_as postal1 reported 5 min ago_');
  });

  test('says that a name is not in Postal yet', async () => {
    const worker = await withReport();
    await worker.say('add tickets.mail.corp.internal 10.0.4.13');
    await worker.say('show tickets.mail.corp.internal');
    expect(worker.lastReply()).toContain('*Not in Postal*: none of its SMTP endpoints has this hostname');
  });

  test('says nothing of Postal where nothing was reported', async () => {
    const worker = workerUnderTest();
    await worker.say('add tickets.mail.corp.internal 10.0.4.13');
    await worker.say('show tickets.mail.corp.internal');
    expect(worker.lastReply()).not.toContain('In Postal*');
  });
});

describe('status, doctor and Home', () => {
  test('say what the account may not read, and how many registered names Postal does not have', async () => {
    const worker = await withReport();
    await worker.say('add tickets.mail.corp.internal 10.0.4.13');
    await worker.say('add gitlab.mail.corp.internal 10.0.4.12');
    const grants = 'the account may not read the deliveries of acme/staging';
    const names = '1 of 2 is not entered: /postal-endpoint list --in-postal no';
    await worker.say('status');
    expect(worker.lastReply()).toContain(grants);
    expect(worker.lastReply()).toContain(names);
    await worker.say('doctor');
    expect(worker.lastReply()).toContain('postal-endpoint audit --grants');
    const home = await worker.home();
    expect(home).toContain(`⚠️ Grants in Postal's database: ${grants}`);
    expect(home).toContain(`✓ registered names in Postal: ${names}`);
    expect(home).toContain('✓ Postal reports of postal1: the last is 5 min old');
  });

  test('say nothing of Postal on the Home of whoever may neither audit nor see the status', async () => {
    const worker = await withReport(undefined, undefined, undefined, {
      policy: { grants: [{ name: 'readers', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['list'] }] },
    });
    expect(await worker.home()).not.toContain('*Postal*');
  });

  test('say how old the last report is, and name an old one', async () => {
    const worker = await withReport();
    await worker.say('status');
    expect(worker.lastReply()).toContain('*Postal reports of postal1*: the last is 5 min old');
    const late = await withReport((snapshot) => snapshot, 3 * 3_600_000);
    await late.say('doctor');
    expect(late.lastReply()).toContain('systemctl status postal-endpoint-report.timer');
  });

  test('say that the clock of a sender is wrong', async () => {
    const worker = await withReport((snapshot) => snapshot, 60_000, -90_000);
    await worker.say('doctor');
    expect(worker.lastReply()).toContain('its clock 90 s behind');
  });
});

describe('add', () => {
  test('says that the name is not in Postal yet, with source and age, without a warning sign', async () => {
    const worker = await withReport();
    await worker.say('add tickets.mail.corp.internal 10.0.4.13 --dry-run');
    expect(worker.lastReply()).toContain('▫️ Not in Postal yet (as postal1 reported 5 min ago).');
    await worker.say('add tickets.mail.corp.internal 10.0.4.13');
    expect(await worker.warnings('tickets.mail.corp.internal')).toEqual([
      'Not in Postal yet (as postal1 reported 5 min ago).',
    ]);
  });

  test('does one thing after the other until the name is awaited in Postal', async () => {
    const worker = await withReport();
    const { ports, written, pending, overlaps } = orderlyPorts(worker.ports);
    Object.assign(worker.ports, ports);
    await worker.say('add tickets.mail.corp.internal 10.0.4.13');
    expect(written).toContain('state put entry-awaited');
    expect(pending()).toEqual([]);
    expect(overlaps).toEqual([]);
  });

  test('of a name that Postal has already says what depends on it, and what differs', async () => {
    const worker = await withReport();
    await worker.say('add gitlab.mail.corp.internal 10.0.4.12 --port 2525');
    const [depends, differs] = await worker.warnings('gitlab.mail.corp.internal');
    expect(depends).toBe(
      'Postal already uses this name: GitLab in acme/production, GitLab in acme/staging: 2 routes (as postal1 reported 5 min ago).',
    );
    expect(differs).toContain('Postal still has port 25, SSL mode Auto in GitLab in acme/production');
  });

  test('says nothing of Postal where nothing was reported', async () => {
    const worker = workerUnderTest();
    await worker.say('add tickets.mail.corp.internal 10.0.4.13 --dry-run');
    expect(worker.lastReply()).not.toContain('Not in Postal');
  });
});

describe('the plan of a change', () => {
  const registered = async () => {
    const worker = await withReport((snapshot) => ({
      ...snapshot,
      queue: snapshot.queue.map((group) => ({ ...group, batchKey: 'incoming-rt:11-ep:1-SMTPEndpoint' })),
    }));
    await worker.say('add gitlab.mail.corp.internal 10.0.4.12');
    return worker;
  };

  test('that removes a name says what in Postal depends on it', async () => {
    const worker = await registered();
    await worker.say('remove gitlab.mail.corp.internal');
    expect(worker.lastReply()).toContain(
      'Mail would be lost for GitLab in acme/production, GitLab in acme/staging: 2 routes, and 27 messages that wait in its queue (as postal1 reported 5 min ago). A new route does not move waiting messages: they stay with this endpoint.',
    );
  });

  test('that leads it elsewhere says that waiting mail goes there too', async () => {
    const worker = await registered();
    await worker.say('update gitlab.mail.corp.internal 10.0.4.13');
    expect(worker.lastReply()).toContain('Waiting messages follow at their next attempt.');
  });

  test('that changes the port says what Postal still has', async () => {
    const worker = await registered();
    await worker.say('update gitlab.mail.corp.internal --port 2525');
    expect(worker.lastReply()).toContain('Postal still has port 25, SSL mode Auto in GitLab in acme/production');
    expect(worker.lastReply()).not.toContain('Waiting messages follow');
  });

  test('of a protected name says it to whoever approves it', async () => {
    const worker = await withReport(undefined, undefined, undefined, {
      policy: {
        protected: [
          { name: 'production', hostnames: ['gitlab.*'], approvers: { users: ['U0LI'] }, channel: 'C0APPROVERS' },
        ],
      },
      channels: ['C0AUDIT', 'C0OTHER', 'C0APPROVERS'],
    });
    await worker.say('add gitlab.mail.corp.internal 10.0.4.12');
    const asked = worker.messenger.posts.find(({ channelId }) => channelId === 'C0APPROVERS');
    expect(JSON.stringify(asked?.message.blocks)).toContain('Postal already uses this name: GitLab in acme/production');
  });

  test('of many names says once what depends on them, and what is not in Postal yet', async () => {
    const worker = await registered();
    await worker.say('add wiki.mail.corp.internal 10.0.4.12');
    await worker.say('move 10.0.4.12 10.0.5.12');
    expect(worker.lastReply()).toContain(
      'Postal delivers to gitlab.mail.corp.internal: 2 routes, and 27 messages that wait in its queue (as postal1 reported 5 min ago).',
    );
    expect(worker.lastReply()).toContain('Waiting messages follow at their next attempt.');
    await worker.say('import --from-postal');
    expect(worker.messenger.replies.at(-2)?.message.blocks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          text: expect.objectContaining({
            text: expect.stringContaining('Not in Postal yet: tickets.corp.internal (as postal1 reported 5 min ago).'),
          }),
        }),
      ]),
    );
  });

  test('goes on where the report cannot be read', async () => {
    const worker = await registered();
    await worker.work(worker.message('remove gitlab.mail.corp.internal'), 1, {
      state: {
        ...worker.ports.state,
        list: (collection, listSignal) =>
          collection === postalReports
            ? Promise.reject(new Error('down'))
            : worker.ports.state.list(collection, listSignal),
      },
    });
    expect(worker.lastReply()).toContain('This will remove');
  });
});
