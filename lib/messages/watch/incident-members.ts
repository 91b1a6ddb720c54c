import { type Incident, type Member, standingMembers } from '../../core/watch/incident/incident.ts';
import { concernedCount } from '../../core/watch/incident/members.ts';
import { escapeText, oneLine } from '../block-kit/blocks.ts';

const namesShown = 12;

const labelOf = (hostname: string): string => hostname.slice(0, hostname.indexOf('.'));
const parentOf = (hostname: string): string => hostname.slice(hostname.indexOf('.') + 1);

/** Names on as few lines of a phone as they fit: `gitlab, wiki, erp in mail.corp.internal`. */
const namesOn = (shown: readonly Member[]): string => {
  const usual = shown[0]?.state;
  const mark = ({ state }: Member): string => (state === usual ? '' : ` (${state})`);
  return [...Map.groupBy(shown, ({ hostname }) => parentOf(hostname))]
    .map(([parent, own]) =>
      own.length === 1
        ? own.map((one) => `${escapeText(oneLine(one.hostname))}${mark(one)}`).join('')
        : `${own.map((one) => `${escapeText(oneLine(labelOf(one.hostname)))}${mark(one)}`).join(', ')} in ${escapeText(oneLine(parent))}`,
    )
    .join('; ');
};

/** The endpoints, where there is more than one: those that still fail, then how many are back. */
export const membersText = (incident: Incident): readonly string[] => {
  const count = concernedCount(incident);
  if (count <= 1) return [];
  const open = standingMembers(incident);
  const shown = open.length === 0 ? incident.members : open;
  const left = shown.length + (incident.unlisted ?? 0) - Math.min(namesShown, shown.length);
  const back = incident.members.length - shown.length;
  return [
    `${namesOn(shown.slice(0, namesShown))}${left > 0 ? ` and ${left} more` : ''}`,
    ...(back > 0 ? [`✅ ${back} of ${count} ${back === 1 ? 'works' : 'work'} again`] : []),
  ];
};
