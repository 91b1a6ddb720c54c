import type { SubmitResult } from '../../lib/app/ports/zone-store.ts';
import type { Person } from '../../test/support/cloud/cloud.ts';

/** What someone does: types a command line, or presses a button of the newest plan. */
export type Step =
  | { readonly by: Person; readonly line: string }
  | { readonly by: Person; readonly press: 'Apply' | 'Approve' | 'Reject' | 'Fail over' | 'Undo' };

/** One change, from its command to its announcement. */
export type Scenario = {
  readonly name: string;
  readonly hostname: string;
  /** What is done before, undisturbed. */
  readonly before: readonly Step[];
  /** What is done while the worker dies once. */
  readonly steps: readonly Step[];
  /** What Route 53 answers to every batch meanwhile, instead of taking it. */
  readonly route53?: SubmitResult;
  /** What happens to the change when nothing gives it up. */
  readonly ends: 'applied' | 'rejected' | 'failed';
};

const open = 'gitlab.mail.corp.internal';
const guarded = 'gitlab.prod.corp.internal';
const adding: Step = { by: 'maria', line: `add ${open} 10.0.4.12 --name GitLab` };
const asking: Step = { by: 'maria', line: `add ${guarded} 10.0.4.12` };

/** Every kind of change that there is. */
export const scenarios: readonly Scenario[] = [
  { name: 'add', hostname: open, before: [], steps: [adding], ends: 'applied' },
  {
    name: 'update, confirmed',
    hostname: open,
    before: [adding],
    steps: [
      { by: 'maria', line: `update ${open} 10.0.4.13` },
      { by: 'maria', press: 'Apply' },
    ],
    ends: 'applied',
  },
  {
    name: 'remove, confirmed',
    hostname: open,
    before: [adding],
    steps: [
      { by: 'maria', line: `remove ${open}` },
      { by: 'maria', press: 'Apply' },
    ],
    ends: 'applied',
  },
  {
    name: 'failover, confirmed',
    hostname: open,
    before: [{ by: 'maria', line: `add ${open} 10.0.4.12 --standby 10.0.4.13` }],
    steps: [
      { by: 'maria', line: `failover ${open}` },
      { by: 'maria', press: 'Fail over' },
    ],
    ends: 'applied',
  },
  {
    name: 'undo of an add',
    hostname: open,
    before: [adding],
    steps: [{ by: 'maria', press: 'Undo' }],
    ends: 'applied',
  },
  {
    name: 'add, approved',
    hostname: guarded,
    before: [],
    steps: [asking, { by: 'li', press: 'Approve' }],
    ends: 'applied',
  },
  {
    name: 'add, rejected',
    hostname: guarded,
    before: [],
    steps: [asking, { by: 'li', press: 'Reject' }],
    ends: 'rejected',
  },
  {
    name: 'add, glass broken',
    hostname: guarded,
    before: [],
    steps: [{ by: 'oncall', line: `add ${guarded} 10.0.4.12 --break-glass "mail is down, nobody answers"` }],
    ends: 'applied',
  },
  {
    name: 'add, denied by Route 53',
    hostname: open,
    before: [],
    steps: [adding],
    route53: {
      kind: 'failed',
      failure: { kind: 'denied', message: 'not authorized to perform: route53:ChangeResourceRecordSets' },
    },
    ends: 'failed',
  },
  {
    name: 'add, never answered by Route 53',
    hostname: open,
    before: [],
    steps: [adding],
    route53: { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } },
    ends: 'failed',
  },
];
