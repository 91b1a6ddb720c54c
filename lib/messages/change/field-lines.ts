import type { KnownBlock } from '@slack/types';
import type { Plan } from '../../core/dns/plan.ts';
import { type ChangedField, changedFields } from '../../core/endpoint/changed-fields.ts';
import { code, sections } from '../block-kit/blocks.ts';
import { ownerText } from '../owner-text.ts';

const labels: Readonly<Record<ChangedField['field'], string>> = {
  targets: 'Target',
  standby: 'Standby',
  port: 'Port',
  sslMode: 'SSL mode',
  ttlSeconds: 'TTL',
  name: 'Name in Postal',
  owner: 'Owner',
  note: 'Note',
};

/** Of a new name, the head and the records show these already. */
const shownElsewhere: ReadonlySet<ChangedField['field']> = new Set(['targets', 'port', 'sslMode', 'ttlSeconds']);

const valueText = (field: ChangedField['field'], value: string | undefined): string => {
  if (value === undefined) return 'none';
  return field === 'owner' ? ownerText(value) : code(value);
};

/** Every field that a plan changes, before and after, also those that are not in DNS. Empty where it takes the name away: what is lost then is told apart. */
export const fieldBlocks = ({ definitionBefore, definitionAfter }: Plan): KnownBlock[] => {
  if (definitionAfter === undefined) return [];
  const isNew = definitionBefore === undefined;
  const lines = changedFields(definitionBefore, definitionAfter)
    .filter(({ field }) => !isNew || !shownElsewhere.has(field))
    .map(({ field, before, after }) =>
      isNew
        ? `*${labels[field]}:* ${valueText(field, after)}`
        : `*${labels[field]}:* ${valueText(field, before)} → ${valueText(field, after)}`,
    );
  return lines.length === 0 ? [] : sections(lines.join('\n'));
};
