import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadPolicy } from '../../../lib/adapters/config-files.ts';
import { isExampleId } from '../../../lib/core/policy/example-ids.ts';
import { type PolicyDocument, policySchema } from '../../../lib/core/policy/policy.ts';
import { policyWarnings } from '../../../lib/core/policy/policy-warnings.ts';

const file = (name: string): string => new URL(`../../../${name}`, import.meta.url).pathname;

const [team, channel, user, group] = ['T7QK2M0ZP', 'C8RT41WXB', 'U5PLM93KD', 'S2WN80QRV'];
const good = {
  zones: [
    { name: 'corp.internal', id: 'Z04K7QW2M8T1', vpcs: [{ id: 'vpc-0c3f9a71be52d8046', region: 'eu-central-1' }] },
  ],
  cidrs: ['10.0.0.0/8', 'fd00::/8', '100.64.0.0/10', '198.51.100.0/24'],
  auditChannel: channel,
  grants: [{ name: 'mail team', teams: [team], userGroups: [group], verbs: ['*'] }],
  watch: { channel },
} as const;

const warned = (more: object): readonly string[] => {
  const policy: PolicyDocument = policySchema.parse({ ...good, ...more });
  return policyWarnings(policy).map(({ path, message }) => `${path}: ${message}`);
};

describe('policyWarnings', () => {
  it('has nothing to say of an ordinary policy', () => {
    expect(warned({})).toEqual([]);
  });

  it.each([
    ['0.0.0.0/0', 'cidrs[0]: 0.0.0.0/0 is every address there is'],
    ['::/0', 'cidrs[0]: ::/0 is every address there is'],
    ['0.0.0.0/1', 'cidrs[0]: 0.0.0.0/1 holds public addresses'],
    ['8.0.0.0/8', 'cidrs[0]: 8.0.0.0/8 holds public addresses'],
    ['8.0.0.0/6', 'cidrs[0]: 8.0.0.0/6 holds public addresses'],
    ['2000::/3', 'cidrs[0]: 2000::/3 holds public addresses'],
  ])('warns of the range %s', (cidr, beginning) => {
    expect(warned({ cidrs: [cidr] })).toEqual([expect.stringContaining(beginning)]);
  });

  it.each([
    [{ verbs: ['*'] }, /^grants\[0\]: everybody of the workspace may add, update, .*: name users or userGroups$/],
    [
      { verbs: ['remove'], channels: [channel] },
      /^grants\[0\]: everybody of the workspace in these channels may remove/,
    ],
    [{ verbs: ['show', 'check:rcpt'] }, /^grants\[0\]: everybody .* check:rcpt, which reach/],
    [{ verbs: ['approve'] }, /^grants\[0\]: everybody of the workspace may approve/],
  ])('warns of a grant to everybody with %j', (grant, expected) => {
    expect(warned({ grants: [{ name: 'all', teams: [team], ...grant }] })[0]).toMatch(expected);
  });

  it('lets everybody look', () => {
    expect(warned({ grants: [{ name: 'all', teams: [team], verbs: ['show', 'list', 'check', 'history'] }] })).toEqual(
      [],
    );
  });

  it.each([
    [{ users: [user] }, 1],
    [{ users: [user, user] }, 1],
    [{ users: [user, 'U9XKD71MQ'] }, 0],
    [{ users: [user], userGroups: [group] }, 0],
    [{ userGroups: [group] }, 0],
  ])('warns of %j as the approvers: %i', (approvers, count) => {
    const rule = { name: 'production', hostnames: ['*.prod.corp.internal'], approvers, channel };
    expect(warned({ protected: [rule] })).toHaveLength(count);
  });

  it.each([
    [{ ports: [25, 22] }, 'ports[1]: 22 is not a port of mail servers'],
    [{ cnameSuffixes: ['com'] }, 'cnameSuffixes[0]: "com" is a whole top-level domain'],
    [{ confirm: { verbs: [] } }, 'confirm.verbs: no change asks'],
    [{ watch: {} }, 'watch.channel: it is not given, so nobody is alerted'],
  ])('warns of %j', (more, beginning) => {
    expect(warned(more)).toEqual([expect.stringContaining(beginning)]);
  });

  it.each([
    [{ watch: { channel: 'C0ONCALL' } }, 'watch.channel'],
    [{ watch: { channel, userGroup: 'S0ONCALL' } }, 'watch.userGroup'],
    [{ breakGlass: { users: ['U0MARIA'] } }, 'breakGlass.users[0]'],
    [{ auditChannel: 'C0AUDITLOG' }, 'auditChannel'],
  ])('names the example id in %j', (more, path) => {
    expect(warned(more)).toEqual([
      expect.stringMatching(new RegExp(`^${path.replace(/[[\].]/g, '\\$&')}: .* looks like an example$`)),
    ]);
  });

  it('says once for each id of an example where it is and how often', () => {
    const warnings = policyWarnings(loadPolicy(file('config/policy.json')));
    expect(warnings).toContainEqual({
      path: 'grants[0].teams[0]',
      message: '"T0EXAMPLE" looks like an example; it is in 3 other places too',
    });
    expect(new Set(warnings.map(({ message }) => message)).size).toBe(warnings.length);
  });
});

it.each(['config/policy.json', 'docs/policy.md', 'README.md'])('knows every id in %s as an example', (name) => {
  const ids =
    readFileSync(file(name), 'utf8').match(/(?<=["`])(?:[TCUSZ]0[A-Z0-9]{5,}|vpc-[0-9a-f]{17})(?=["`])/g) ?? [];
  expect(ids.filter((id) => !isExampleId(id))).toEqual([]);
});
