import type { ChangeVerb, Plan } from '../../core/dns/plan.ts';

/** What a verb does to a name, after "to". */
export const infinitive: Readonly<Record<ChangeVerb, string>> = {
  add: 'add',
  update: 'update',
  remove: 'remove',
  adopt: 'adopt',
  undo: 'undo',
  failover: 'fail over',
};

/** What a verb has done to a name. */
export const pastTense: Readonly<Record<ChangeVerb, string>> = {
  add: 'added',
  update: 'updated',
  remove: 'removed',
  adopt: 'adopted',
  undo: 'undone',
  failover: 'failed over',
};

/** Where a failover leads: to the standby, or back; nothing of any other change. */
export const failoverDirection = ({ verb, goesBackOn }: Pick<Plan, 'verb' | 'goesBackOn'>): string =>
  verb !== 'failover' ? '' : goesBackOn === undefined ? ' to its standby' : ' to its previous target';
