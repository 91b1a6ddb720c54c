import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../lib/app/ports/ledger.ts';
import type { Ports } from '../../lib/app/ports/ports.ts';
import { runMessage } from '../../lib/app/worker/run.ts';
import { link, verifyChain } from '../../lib/core/ledger/chain.ts';
import { type ChangeState, fold } from '../../lib/core/ledger/fold.ts';
import type { Policy, PolicyDocument } from '../../lib/core/policy/policy.ts';
import { commandButton } from '../../lib/messages/block-kit/button.ts';
import { examplePolicy } from '../core/validation/example-policy.ts';
import {
  approversChannel,
  type Cloud,
  cloudPolicy,
  commandChannel,
  type Delivery,
  type Person,
  teamId,
  userIdOf,
} from '../support/cloud/cloud.ts';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';
import { buttonsIn, recover, workToRest } from '../support/cloud/office.ts';
import { type FrontUnderTest, frontUnderTest } from '../support/front-under-test.ts';
import {
  interactionBody,
  type SignedRequestOptions,
  signedRequest,
  slashCommandBody,
} from '../support/signed-request.ts';

const host = 'gitlab.prod.corp.internal';
const { signal } = new AbortController();
const nowhere = 'http://127.0.0.1:1/';
const oneMinuteMs = 60_000;

/** The front, the queue and the worker, driven by requests as Slack sends them; the plan of an addition that needs a second person waits. */
const underApproval = async () => {
  const cloud: Cloud = createMemoryCloud();
  // Bolt looks at the wall's clock besides, and lets nothing in that is older than five minutes there.
  await cloud.clock.advance(Date.now() - cloud.clock.now());
  const front: FrontUnderTest = frontUnderTest({
    slackApiUrl: nowhere,
    queue: cloud.ports.queue,
    now: cloud.clock.now,
  });
  let ports: Ports = cloud.ports;
  let clicks = 0;

  const workOne = async ({ message, deliveries, done, retryIn }: Delivery): Promise<void> => {
    const outcome = await runMessage(ports, message, deliveries, { atMs: cloud.clock.now() + 88_000, signal });
    await (outcome.kind === 'done' ? done() : retryIn(outcome.afterSeconds));
  };
  const work = (): Promise<void> => workToRest(cloud, workOne);
  const signed = (body: string, options: SignedRequestOptions = {}): APIGatewayProxyEventV2 =>
    signedRequest(body, { timestamp: Math.floor(cloud.clock.now() / 1000), base64: true, ...options });
  const commandBody = (by: Person, text: string, channel: string): string =>
    slashCommandBody(text, { team_id: teamId, user_id: userIdOf(by), user_name: by, channel_id: channel });
  const clickBody = (by: Person, label: string, line: string): string => {
    clicks += 1;
    const { action_id, value } = commandButton(label, line, { replace: true });
    return interactionBody({
      type: 'block_actions',
      user: { id: userIdOf(by), username: by, team_id: teamId },
      team: { id: teamId },
      channel: { id: approversChannel },
      container: { type: 'message' },
      response_url: `https://hooks.slack.com/actions/${clicks}`,
      trigger_id: '1.2.trigger',
      actions: [
        {
          type: 'button',
          block_id: 'b',
          action_ts: `1531420618.${clicks}`,
          action_id,
          value,
          text: { type: 'plain_text', text: label },
        },
      ],
    });
  };
  /** Hands a request to the front and works whatever came of it; resolves to the status. */
  const send = async (event: APIGatewayProxyEventV2): Promise<number | undefined> => {
    const { statusCode } = await front.handle(event);
    await work();
    return statusCode;
  };
  const entries = () => cloud.ports.ledger.read(host, signal);
  const change = async (): Promise<ChangeState> => {
    const newest = [...fold(await entries()).changes.values()].at(-1);
    if (newest === undefined) throw new Error('there is no change');
    return newest;
  };

  await send(signed(commandBody('maria', `add ${host} 10.0.4.12`, commandChannel)));
  const approve = buttonsIn(cloud.said()).find(({ label }) => label === 'Approve')?.line ?? '';

  return {
    cloud,
    front,
    approve,
    change,
    entries,
    signed,
    send,
    work,
    workOne,
    clickBody,
    press: (by: Person, line = approve) => send(signed(clickBody(by, 'Approve', line))),
    type: (by: Person, line: string) => send(signed(commandBody(by, line, approversChannel))),
    replacePorts: (replaced: Ports): void => {
      ports = replaced;
    },
    /** What the person alone was told last. */
    heard: (by: Person): string => {
      const last = cloud.said().findLast(({ visibleTo }) => visibleTo === userIdOf(by));
      return `${last?.text} ${JSON.stringify(last?.blocks)}`;
    },
    kinds: async () => (await entries()).map(({ body }) => body.kind),
    reasons: async () =>
      (await entries()).flatMap(({ body }) => (body.kind === 'refused' ? body.reasons : [])).join('\n'),
    refusedElsewhere: async () =>
      (await cloud.ports.ledger.read('_refused', signal)).map(({ body }) =>
        body.kind === 'refused' ? [body.actor.userId, body.verb] : [],
      ),
  };
};
type Scene = Awaited<ReturnType<typeof underApproval>>;

/** Nothing was applied, the plan still waits for the right person, and nothing in the ledger was bent. */
const expectStillWaiting = async ({ cloud, change, entries }: Scene): Promise<void> => {
  expect(await cloud.zone()).toEqual([]);
  expect((await change()).state).toBe('requested');
  expect(verifyChain(await entries(), host).ok).toBe(true);
};

const policyWith = (over: Partial<PolicyDocument>): Policy => examplePolicy({ ...cloudPolicy, ...over });

describe('an approval cannot be had', () => {
  it('by whoever asked: refused, recorded, told, and the plan still waits for a second person', async () => {
    const scene = await underApproval();
    await scene.press('maria');
    await expectStillWaiting(scene);
    expect(await scene.kinds()).toEqual(['requested', 'refused']);
    expect(await scene.reasons()).toContain('You asked for this change yourself');
    expect(scene.heard('maria')).toContain('You asked for this change yourself');
    await scene.press('li');
    expect(await scene.change()).toMatchObject({ state: 'applied', approvedBy: { userId: 'U0LI' } });
  });

  it.each([
    ['of another plan', 'f'.repeat(24), 'is not the digest of this plan'],
    ['of hardly any plan', '', 'is not the digest of this plan'],
    ['of none', undefined, 'the digest is missing'],
  ] as const)('with the digest %s', async (_, forged, sentence) => {
    const scene = await underApproval();
    const { changeId, plan } = await scene.change();
    // Too short to tell one plan from another, even where it is the right beginning.
    const digest = forged === '' ? plan.digest.slice(0, 4) : forged;
    await scene.press('li', digest === undefined ? `approve ${changeId}` : `approve ${changeId} --plan ${digest}`);
    await expectStillWaiting(scene);
    expect(await scene.reasons()).toContain(sentence);
    expect(scene.heard('li')).toContain(sentence);
  });

  it('for another change with the digest of this one', async () => {
    const scene = await underApproval();
    await scene.type('li', `add ${host} 10.0.4.66`);
    const theirs = await scene.change();
    const [first] = fold(await scene.entries()).changes.values();
    expect(theirs.changeId).not.toBe(first?.changeId);
    await scene.press('oncall', `approve ${theirs.changeId} --plan ${first?.plan.digest}`);
    expect(await scene.reasons()).toContain('is not the digest of this plan');
    expect(await scene.cloud.zone()).toEqual([]);
  });

  it('of an expired plan: refused and recorded, and the plan is ended as expired', async () => {
    const scene = await underApproval();
    await scene.cloud.clock.advance(15 * 60_000 + oneMinuteMs);
    await scene.press('li');
    expect(await scene.reasons()).toContain('has expired');
    await recover(scene.cloud, scene.workOne);
    expect((await scene.change()).state).toBe('expired');
    await scene.press('li');
    expect(await scene.kinds()).toEqual(['requested', 'refused', 'expired', 'refused']);
    expect(await scene.cloud.zone()).toEqual([]);
  });

  it('of a plan that was approved in time and taken up too late', async () => {
    const scene = await underApproval();
    await scene.front.handle(scene.signed(scene.clickBody('li', 'Approve', scene.approve)));
    await scene.cloud.clock.advance(15 * 60_000 + oneMinuteMs);
    await scene.work();
    expect(await scene.cloud.zone()).toEqual([]);
    expect(await scene.reasons()).toContain('has expired');
  });

  it('by someone without any right', async () => {
    const scene = await underApproval();
    await scene.press('guest');
    await expectStillWaiting(scene);
    expect(await scene.refusedElsewhere()).toEqual([['U0GUEST', 'approve']]);
    expect(scene.heard('guest')).toContain('No grant lets you');
  });

  it('by someone who may approve, but not this', async () => {
    const scene = await underApproval();
    await scene.type('oncall', `add tickets.prod.corp.internal 10.0.4.13`);
    const line = buttonsIn(scene.cloud.said()).findLast(({ label }) => label === 'Approve')?.line ?? '';
    expect(line).not.toBe(scene.approve);
    await scene.press('maria', line);
    const tickets = await scene.cloud.ports.ledger.read('tickets.prod.corp.internal', signal);
    expect(tickets.map(({ body }) => body.kind)).toEqual(['requested', 'refused']);
    expect(scene.heard('maria')).toContain('not among those who approve');
    expect(await scene.cloud.zone()).toEqual([]);
  });
});

describe('rights that are withdrawn between approval and applying', () => {
  const [changers, approvers] = cloudPolicy.grants;
  const [production] = cloudPolicy.protected;
  if (changers === undefined || approvers === undefined || production === undefined)
    throw new Error('the policy of the cloud has changed');

  it.each<[string, Partial<PolicyDocument>, string]>([
    [
      'of the approver to approve at all',
      { grants: [changers, { ...approvers, users: ['U0ONCALL'] }] },
      '@li, who approved it, may no longer approve it',
    ],
    [
      'of the approver under this rule',
      { protected: [{ ...production, approvers: { users: ['U0ONCALL'] } }] },
      '@li, who approved it, may no longer approve it',
    ],
    ['of the requester to make the change', { grants: [approvers] }, 'No grant lets you (U0MARIA) use add'],
  ])('%s: the change fails before anything is sent', async (_, over, sentence) => {
    const scene = await underApproval();
    const { ledger } = scene.cloud.ports;
    let isLost = false;
    // The approval is written, and the worker hears nothing of it: by the next delivery the policy is another.
    const append: typeof ledger.append = async (entry, given) => {
      const appended = await ledger.append(entry, given);
      if (entry.body.kind !== 'approved' || isLost) return appended;
      isLost = true;
      scene.replacePorts({ ...scene.cloud.ports, policy: policyWith(over) });
      throw new LedgerUnavailable('the answer was lost');
    };
    scene.replacePorts({ ...scene.cloud.ports, ledger: { ...ledger, append } });
    await scene.press('li');
    expect(await scene.kinds()).toEqual(['requested', 'approved', 'failed']);
    expect((await scene.change()).reason).toContain(sentence);
    expect(await scene.cloud.zone()).toEqual([]);
    expect(scene.heard('maria')).toContain('❌');
  });
});

describe('a button', () => {
  it('that is replayed to the letter does nothing again', async () => {
    const scene = await underApproval();
    const event = scene.signed(scene.clickBody('li', 'Approve', scene.approve));
    await scene.send(event);
    const applied = await scene.entries();
    expect((await scene.change()).state).toBe('applied');
    await scene.cloud.clock.advance(4 * 60_000);
    await scene.type('li', `undo ${(await scene.change()).changeId} --break-glass "replayed"`);
    const zone = await scene.cloud.zone();
    const before = (await scene.entries()).length;
    expect(await scene.send(event)).toBe(200);
    expect(await scene.cloud.zone()).toEqual(zone);
    expect(await scene.entries()).toHaveLength(before);
    expect((await scene.entries()).slice(0, applied.length)).toEqual(applied);
  });

  it('that is replayed when Slack’s signature is too old is turned away at the door', async () => {
    const scene = await underApproval();
    const event = scene.signed(scene.clickBody('li', 'Approve', scene.approve));
    await scene.cloud.clock.advance(6 * 60_000);
    expect(await scene.send(event)).toBe(401);
    await expectStillWaiting(scene);
    expect(scene.front.log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: { reason: 'timestamp-too-old' } }),
    );
  });

  it('that is pressed again when the plan is over is refused and recorded', async () => {
    const scene = await underApproval();
    await scene.type('oncall', `reject ${(await scene.change()).changeId}`);
    await scene.press('li');
    expect(await scene.kinds()).toEqual(['requested', 'rejected', 'refused']);
    expect(await scene.reasons()).toContain('no longer waits for a decision: it is rejected');
    expect(await scene.cloud.zone()).toEqual([]);
  });

  it('gives whoever presses it no rights but their own, whatever it carries', async () => {
    const scene = await underApproval();
    await scene.press('guest', `remove ${host}`);
    await scene.press('guest', `add ${host} 10.0.4.12 --break-glass "let me in, please"`);
    await expectStillWaiting(scene);
    expect(await scene.refusedElsewhere()).toEqual([
      ['U0GUEST', 'remove'],
      ['U0GUEST', 'add'],
    ]);
  });
});

describe('two people at once', () => {
  const together = async (scene: Scene, bodies: readonly string[]): Promise<void> => {
    for (const body of bodies) await scene.front.handle(scene.signed(body));
    // Both at the same time, as no queue would let them: the ledger alone has to decide.
    const deliveries: Delivery[] = [];
    for (let next = await scene.cloud.source.receive(); next !== undefined; next = await scene.cloud.source.receive())
      deliveries.push(next);
    await Promise.all(deliveries.map(scene.workOne));
    await scene.work();
  };

  it('approve: one is the approver, the other is refused and recorded, and it is applied once', async () => {
    const scene = await underApproval();
    await together(scene, [
      scene.clickBody('li', 'Approve', scene.approve),
      scene.clickBody('oncall', 'Approve', scene.approve),
    ]);
    const kinds = await scene.kinds();
    expect(kinds.toSorted()).toEqual(['applied', 'applying', 'approved', 'refused', 'requested']);
    expect(await scene.reasons()).toContain('no longer waits for a decision');
    expect(await scene.cloud.zone()).toHaveLength(2);
    expect(verifyChain(await scene.entries(), host).ok).toBe(true);
  });

  it('approve and reject: the ledger takes the first, and the zone follows it', async () => {
    const scene = await underApproval();
    const { changeId } = await scene.change();
    await together(scene, [
      scene.clickBody('li', 'Reject', `reject ${changeId}`),
      scene.clickBody('oncall', 'Approve', scene.approve),
    ]);
    const { state } = await scene.change();
    expect(['applied', 'rejected']).toContain(state);
    expect(await scene.cloud.zone()).toHaveLength(state === 'applied' ? 2 : 0);
    expect((await scene.kinds()).filter((kind) => kind === 'refused')).toHaveLength(1);
  });
});

describe('a hand-made request', () => {
  it.each<[string, (scene: Scene, body: string) => APIGatewayProxyEventV2, string]>([
    ['without a signature', (scene, body) => scene.signed(body, { signature: '' }), 'signature-missing'],
    [
      'signed with another secret',
      (scene, body) => scene.signed(body, { secret: 'f'.repeat(32) }),
      'signature-mismatch',
    ],
    [
      'with a signature of the right shape',
      (scene, body) => scene.signed(body, { signature: `v0=${'0'.repeat(64)}` }),
      'signature-mismatch',
    ],
    [
      'under a true signature of something else',
      (scene, body) => {
        const { headers } = scene.signed(scene.clickBody('maria', 'Approve', scene.approve));
        return { ...scene.signed(body), headers };
      },
      'signature-mismatch',
    ],
    [
      'signed in the future',
      (scene, body) => scene.signed(body, { timestamp: Math.floor(scene.cloud.clock.now() / 1000) + 301 }),
      'timestamp-in-future',
    ],
  ])('%s gets no further than the door, and that is logged', async (_, forge, reason) => {
    const scene = await underApproval();
    expect(await scene.send(forge(scene, scene.clickBody('li', 'Approve', scene.approve)))).toBe(401);
    await expectStillWaiting(scene);
    expect(await scene.kinds()).toEqual(['requested']);
    expect(scene.front.log.lines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { reason } }));
  });

  it('that says in its line who approves is refused', async () => {
    const scene = await underApproval();
    await scene.type('maria', `${scene.approve} --by U0LI`);
    await scene.type('maria', scene.approve.replace('approve', 'approve U0LI'));
    await expectStillWaiting(scene);
  });

  it('that is written into the ledger itself as an approval by whoever asked is not believed', async () => {
    const scene = await underApproval();
    const { changeId, plan, actor } = await scene.change();
    const at = new Date(scene.cloud.clock.now()).toISOString();
    for (const body of [
      { kind: 'approved', changeId, requestId: 'forged-1', by: actor, planDigest: plan.digest },
      {
        kind: 'approved',
        changeId,
        requestId: 'forged-2',
        by: { ...actor, userId: 'U0LI' },
        planDigest: 'f'.repeat(64),
      },
    ] as const) {
      await scene.cloud.ports.ledger.append(link((await scene.entries()).at(-1), host, at, body), signal);
    }
    await scene.cloud.ports.queue.send({ kind: 'resume', hostname: host, changeId }, signal);
    await scene.work();
    await expectStillWaiting(scene);
  });
});
