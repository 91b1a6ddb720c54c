import type { Incident } from '../../core/watch/incident/incident.ts';
import { escapeText, mention, oneLine, section } from '../block-kit/blocks.ts';
import type { Message } from '../message.ts';
import { plainRefusal } from '../refused-message.ts';
import { incidentTitle } from './incident-title.ts';

const shownAtMost = 5;

const titleOf = (incident: Incident): string => escapeText(oneLine(incidentTitle(incident)));

/** That somebody has taken incidents over. */
export const acknowledgeMessage = (incidents: readonly Incident[], userId: string): Message => {
  const lines = incidents.map((incident) => `👀 ${mention(userId)} is on it: ${titleOf(incident)}.`);
  const text = [...lines, 'No more reminders are sent. The incident stays open until the endpoints work again.'].join(
    '\n',
  );
  return { text, blocks: [section(text)] };
};

/** That nothing open fits what was written, and what there is. */
export const noSuchIncident = (asked: string, open: readonly Incident[]): Message =>
  plainRefusal([
    `incident: there is no open incident for "${asked}". Give a target, a hostname, or the id in a button.`,
    open.length === 0
      ? 'No incident is open.'
      : `Open: ${open
          .slice(0, shownAtMost)
          .map((one) => incidentTitle(one))
          .join(' · ')}`,
  ]);
