import type { KnownBlock } from '@slack/types';
import type { Incident } from '../../core/watch/incident/incident.ts';
import { concernedCount } from '../../core/watch/incident/members.ts';
import { actions } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import { importFixesButton } from '../postal/import-fixes-button.ts';
import type { BesideIncident } from './beside-incident.ts';
import { failoverButtons } from './incident-failover.ts';

/** What can be done about an incident from its message. */
export const incidentButtons = (incident: Incident, beside: BesideIncident): KnownBlock => {
  const { mute, acknowledgement, isUnregistered } = beside;
  const { id, cause, members, closedAtMs } = incident;
  const hostname = concernedCount(incident) === 1 ? members[0]?.hostname : undefined;
  const verify = cause.kind === 'history' ? [commandButton('Verify now', 'history --verify')] : [];
  const listed = cause.kind === 'target' ? `list --target ${cause.target}` : 'list';
  const ofMany = [
    ...verify,
    ...(cause.kind === 'history' ? [] : [commandButton('List', listed)]),
    commandButton('Status', 'status'),
  ];
  const takeOver =
    acknowledgement === undefined ? [commandButton("I'm on it", `acknowledge ${id}`, { style: 'primary' })] : [];
  if (isUnregistered && hostname !== undefined) {
    const audit = commandButton('Audit', `audit ${hostname}`);
    return actions(closedAtMs === undefined ? [...takeOver, importFixesButton({ hostname }), audit] : [audit]);
  }
  if (closedAtMs !== undefined)
    return actions(
      hostname === undefined
        ? ofMany
        : [commandButton('Check again', `check ${hostname}`), commandButton('History', `history ${hostname}`)],
    );
  return actions([
    ...takeOver,
    ...failoverButtons(incident, beside),
    ...(hostname === undefined
      ? ofMany
      : [
          commandButton('Check again', `check ${hostname}`),
          mute === undefined
            ? commandButton('Mute 2 h', `mute ${hostname} 2h`)
            : commandButton('Unmute', `unmute ${hostname}`),
          ...(members[0]?.state === 'drifted' ? [commandButton('What has drifted', `drift ${hostname}`)] : []),
          commandButton('History', `history ${hostname}`),
        ]),
  ]);
};
