import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import type { LocalChange } from '../../lib/local/route53/apply-batch.ts';

/** A change of a record set; `isRaw` sends it past the adapter, which would not send it. */
type ListedChange = { readonly action: LocalChange['action']; readonly recordSet: RecordSet; readonly isRaw: boolean };

/** Reads a record set as the list writes it: `name TTL type value | value`, where `@` in the name is the check's own name and `$` its zone. */
export const recordSetOf = (line: string, own: string, zone: string): RecordSet => {
  const [, name, ttl, type, values] = /^(\S+) (\d+) (\S+)(?: (.*))?$/s.exec(line) ?? [];
  if (name === undefined || type === undefined) throw new SyntaxError(`not a record set: ${line}`);
  return {
    name: nameOf(name, own, zone),
    type,
    ttlSeconds: Number(ttl),
    values: values === undefined ? [] : values.split(' | ').map((value) => nameOf(value, own, zone)),
  };
};

/** A name with `@` and `$` filled in. */
export const nameOf = (text: string, own: string, zone: string): string =>
  text.replace(/(^|\.)@$/, `$1${own}`).replace(/(^|[.-])\$$/, `$1${zone}`);

const actions: Readonly<Record<string, LocalChange['action']>> = { '+': 'CREATE', '-': 'DELETE', '~': 'UPSERT' };

/** Reads a change: `+` creates, `-` deletes, `~` upserts; a second sign sends it past the adapter, which would not send it. */
export const changeOf = (line: string, own: string, zone: string): ListedChange => {
  const [, sign = '', raw, recordSet = ''] = /^([-+~])(!?) (.*)$/s.exec(line) ?? [];
  const action = actions[sign];
  if (action === undefined) throw new SyntaxError(`not a change: ${line}`);
  return { action, recordSet: recordSetOf(recordSet, own, zone), isRaw: raw === '!' || action === 'UPSERT' };
};
