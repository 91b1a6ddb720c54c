import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import { mayApprove } from '../../../lib/core/policy/approvers.ts';
import { authorise, grantsFor, groupsBehind, maySomewhere } from '../../../lib/core/policy/authorise.ts';
import { isOfTeams, isSamePerson } from '../../../lib/core/policy/people.ts';
import { grantVerbs } from '../../../lib/core/policy/verbs.ts';

const open = { grants: [{ name: 'all', teams: ['T0OURS', 'E0OURS'], verbs: ['*', ...grantVerbs] }] };
const place = { userName: 'somebody', channelId: 'C0SHARED' };

const unknownTeam = fc.oneof(
  fc.constantFrom('', ' ', 'T', 't0ours', ' T0OURS', 'T0OURS ', 'T0OURS\n', 'undefined', 'null', '*', 'C0OURS'),
  fc.string(),
  fc.constantFrom('T0OTHER', 'E0OTHER', 'T0OURSX'),
);
const verb = fc.constantFrom(...grantVerbs);

describe('somebody of another workspace, or of none that Slack named', () => {
  it('may do nothing, whatever the verb, even under a grant that is open to everyone', async () => {
    await fc.assert(
      fc.property(unknownTeam, fc.option(unknownTeam), verb, (teamId, enterpriseId, asked) => {
        const actor = { teamId, ...(enterpriseId === null ? {} : { enterpriseId }), userId: 'U0MARIA', ...place };
        expect(authorise(open, actor, asked, 'a.corp.internal')).toMatchObject({
          allowed: false,
          reason: 'unknown-team',
        });
        expect(maySomewhere(open, actor, [asked], undefined)).toBe(false);
        expect(grantsFor(open, actor)).toEqual([]);
        expect(groupsBehind(open, actor, asked)).toEqual([]);
      }),
    );
  });

  it.each(['', 'maria', 'B0BOT', 'USLACK bot', 'undefined'])('may do nothing with the user id %j either', (userId) => {
    const actor = { teamId: 'T0OURS', userId, ...place };
    expect(authorise(open, actor, 'show', 'a.corp.internal')).toMatchObject({ allowed: false });
    expect(maySomewhere(open, actor, ['home'], undefined)).toBe(false);
  });

  it('does not confirm a plan of somebody who has the same user id in ours', () => {
    const requester = { teamId: 'T0OURS', userId: 'U0MARIA', ...place };
    const parsed = parseHostname('a.corp.internal');
    if (!('hostname' in parsed)) throw new Error('not a hostname');
    const plan = { hostname: parsed.hostname, verb: 'update', release: { kind: 'confirmation' } } as const;
    expect(mayApprove({ protected: [] }, plan, requester, requester)).toMatchObject({ allowed: true });
    for (const teamId of ['T0OTHER', 'E0OURS', ''])
      expect(mayApprove({ protected: [] }, plan, requester, { ...requester, teamId })).toMatchObject({
        allowed: false,
        reason: 'not-the-requester',
      });
  });
});

describe('an Enterprise organisation', () => {
  it('can be listed, and its people count by whichever of their ids Slack names', () => {
    for (const ids of [{ teamId: 'E0OURS' }, { teamId: 'T0BRANCH', enterpriseId: 'E0OURS' }, { teamId: 'T0OURS' }])
      expect(isOfTeams(['T0OURS', 'E0OURS'], { userId: 'W0MARIA', ...ids })).toBe(true);
    expect(isOfTeams(['T0OURS'], { userId: 'W0MARIA', teamId: 'E0OURS' })).toBe(false);
    expect(isOfTeams(['T0OURS'], { userId: 'W0MARIA', teamId: 'T0BRANCH', enterpriseId: 'E0OURS' })).toBe(false);
  });

  it('makes one person of requests that name the workspace and requests that name the organisation', () => {
    const typed = { userId: 'W0MARIA', teamId: 'T0OURS', enterpriseId: 'E0OURS' };
    expect(isSamePerson(typed, { userId: 'W0MARIA', teamId: 'E0OURS' })).toBe(true);
    expect(isSamePerson(typed, { userId: 'W0LI', teamId: 'E0OURS' })).toBe(false);
    expect(isSamePerson(typed, { userId: 'W0MARIA', teamId: 'T0OTHER' })).toBe(false);
    expect(isSamePerson({ userId: 'U1', teamId: '' }, { userId: 'U1', teamId: '' })).toBe(false);
  });
});
