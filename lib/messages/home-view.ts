import type { KnownBlock } from '@slack/types';
import type { Examined } from '../core/base/examined.ts';
import type { LastChange } from '../core/bulk/last-change.ts';
import { type ChangeState, isFinished } from '../core/ledger/fold.ts';
import type { EndpointStatus } from '../core/watch/endpoint-status.ts';
import type { Drifted } from '../core/watch/health/drifted.ts';
import { type Acknowledgement, type Incident, standingMembers } from '../core/watch/incident/incident.ts';
import { concernedCount } from '../core/watch/incident/members.ts';
import type { Mute } from '../core/watch/mute/mute.ts';
import { type VerificationState, verificationLine } from '../core/watch/nightly-verification.ts';
import type { SightFault } from '../core/watch/sight.ts';
import {
  actions,
  code,
  context,
  dateText,
  divider,
  escapeText,
  header,
  mention,
  oneLine,
  section,
  sections,
  shortened,
} from './block-kit/blocks.ts';
import { commandButton, formButton } from './block-kit/button.ts';
import { verbCounts } from './bulk/bulk-words.ts';
import { beforeAfter, definitionText, targetsText } from './change/record-lines.ts';
import { byState, stateCounts, stateMark } from './check/state-words.ts';
import { bulkStateText, changeStates } from './history/history-message.ts';
import { healthMark } from './watch/doctor-message.ts';
import { incidentLine } from './watch/incident-message.ts';
import { muteLines } from './watch/mute-message.ts';

/** What a person may see on the Home tab. */
export type HomeView = {
  readonly endpoints: readonly EndpointStatus[];
  /** The open ones, oldest first. */
  readonly incidents: readonly Incident[];
  /** Who has taken them over, by the id of the incident. */
  readonly acknowledgements: ReadonlyMap<string, Acknowledgement>;
  /** What keeps watch from seeing. */
  readonly sight: readonly SightFault[];
  readonly plans: readonly ChangeState[];
  readonly drifts: readonly (Drifted & { readonly hostname: string })[];
  readonly changes: readonly LastChange[];
  /** Before this moment no change was looked for; ISO 8601. */
  readonly cutAt?: string;
  readonly verification: VerificationState;
  /** Who reports what Postal has, and what is missing there; empty where Postal is not connected. */
  readonly postal: readonly Examined[];
  /** Mutes that hold or are planned, and open maintenance windows. */
  readonly mutes: readonly Mute[];
  readonly nowMs: number;
};

/** Together they stay below the 100 blocks of a view. */
const atMost = { incidents: 8, plans: 5, drifts: 8, standbys: 5, endpoints: 20, postal: 8, certificates: 10 };
const longestText = 240;
const certificateMs = 30 * 86_400_000;
const dayMs = 86_400_000;

const iso = (atMs: number): string => new Date(atMs).toISOString();
const spoken = (text: string): string => escapeText(shortened(text, longestText));

/** The first of many as blocks, and a line that says how many more there are, and where. */
const first = <Item>(
  items: readonly Item[],
  count: number,
  where: string,
  blockOf: (item: Item) => KnownBlock,
): KnownBlock[] => {
  const left = items.length - count;
  return [
    ...items.slice(0, count).map(blockOf),
    ...(left > 0 ? [context(`${left} more: \`/postal-endpoint ${where}\``)] : []),
  ];
};

/** What is wrong, for how long, and who is on it; the button is the next step. */
const incidentBlock =
  ({ acknowledgements, nowMs }: HomeView) =>
  (incident: Incident): KnownBlock => {
    const { id, sentence, members } = incident;
    const acknowledgement = acknowledgements.get(id);
    const text = `${incidentLine(incident, acknowledgement, nowMs)}\n${spoken(sentence)}`;
    const [first] = members;
    return {
      ...section(text),
      accessory:
        acknowledgement === undefined
          ? commandButton("I'm on it", `acknowledge ${id}`)
          : concernedCount(incident) === 1 && first !== undefined
            ? commandButton('Show', `show ${first.hostname}`)
            : commandButton(
                'List',
                incident.cause.kind === 'target' ? `list --target ${incident.cause.target}` : 'list',
              ),
    };
  };

const planBlock = ({ plan, actor, verb }: ChangeState): KnownBlock => {
  const { hostname, release, expiresAt } = plan;
  const forWhom =
    release.kind === 'approval'
      ? `a second person, asked in <#${escapeText(release.channelId)}>`
      : mention(actor.userId);
  const text = `✋ *${verb} ${hostname}* waits for ${forWhom}\nby ${mention(actor.userId)} · expires ${dateText(expiresAt)}`;
  return { ...section(text), accessory: commandButton('Decide', 'pending') };
};

const driftBlock = ({ hostname, finding, sinceMs }: HomeView['drifts'][number]): KnownBlock => ({
  ...section(
    `${stateMark('drifted')} *${escapeText(hostname)}* has drifted, found ${dateText(iso(sinceMs))}\n${spoken(finding.text)}`,
  ),
  accessory: commandButton('Drift', `drift ${hostname}`),
});

const standbyBlock = ({ registered: { definition }, standby }: EndpointStatus): KnownBlock => {
  const { hostname } = definition;
  const where = definition.standby === undefined ? '' : ` ${code(targetsText(definition.standby))}`;
  return {
    ...section(
      `${stateMark('down')} *The standby of ${escapeText(hostname)} is down:*${where}, since ${dateText(iso(standby?.sinceMs ?? 0))}\n${spoken(standby?.brief ?? '')}`,
    ),
    accessory: commandButton('Show', `show ${hostname}`),
  };
};

/** Everything that needs a person: what is broken, then what waits for a decision. */
const needsSomebody = (view: HomeView): KnownBlock[] => {
  const { incidents, sight, plans, drifts, endpoints } = view;
  // A drift that is already an incident is not listed twice.
  const told = new Set(
    incidents.flatMap((incident) =>
      standingMembers(incident)
        .filter(({ state }) => state === 'drifted')
        .map(({ hostname }) => hostname),
    ),
  );
  const untold = drifts.filter(({ hostname }) => !told.has(hostname));
  const open = first(incidents, atMost.incidents, 'list --state down', incidentBlock(view));
  const waiting = [
    ...first(plans, atMost.plans, 'pending', planBlock),
    ...first(untold, atMost.drifts, 'drift', driftBlock),
    ...first(
      endpoints.filter(({ standby }) => standby?.state === 'down'),
      atMost.standbys,
      'list',
      standbyBlock,
    ),
  ];
  // What is an incident already is not listed twice.
  const blind = sight
    .filter(
      ({ kind }) =>
        !incidents.some(({ cause }) => cause.kind === kind || (cause.kind === 'watch' && cause.what === kind)),
    )
    .map(({ text, remedy }) => section(`❌ *${spoken(text)}*\n${spoken(remedy)}`));
  const count = incidents.length;
  const blocks = [
    ...(count === 0 ? [] : [section(`*${count} open ${count === 1 ? 'incident' : 'incidents'}*`), ...open]),
    ...blind,
    ...(waiting.length === 0 ? [] : [section('*To decide*'), ...waiting]),
  ];
  return blocks.length === 0 ? [section('✅ *Nothing needs attention.*')] : blocks;
};

const leftText = (endsMs: number, nowMs: number): string => {
  const days = Math.floor((endsMs - nowMs) / dayMs);
  return endsMs <= nowMs ? 'expired' : days < 1 ? 'in less than a day' : days === 1 ? 'in 1 day' : `in ${days} days`;
};

/** Certificates that end within 30 days, the soonest first. */
const certificateBlocks = ({ endpoints, nowMs }: HomeView): KnownBlock[] => {
  const ending = endpoints
    .flatMap(({ registered, certificateExpiresAtMs: endsMs }) =>
      endsMs === undefined || endsMs - nowMs > certificateMs
        ? []
        : [{ hostname: registered.definition.hostname, endsMs }],
    )
    .sort((one, other) => one.endsMs - other.endsMs);
  if (ending.length === 0) return [];
  const lines = ending
    .slice(0, atMost.certificates)
    .map(
      ({ hostname, endsMs }) =>
        `${endsMs <= nowMs ? '❌' : '📅'} *${leftText(endsMs, nowMs)}*  ${hostname} · ${dateText(iso(endsMs), '{date_short}')}`,
    );
  const left = ending.length - lines.length;
  return [
    divider,
    ...sections(['*Certificates that expire soon*', ...lines, ...(left > 0 ? [`… and ${left} more`] : [])].join('\n')),
  ];
};

const mutedBlocks = ({ mutes, nowMs }: HomeView): KnownBlock[] =>
  mutes.length === 0 ? [] : [divider, ...sections(['*Muted*', ...muteLines(mutes, nowMs)].join('\n'))];

/** How old the facts about Postal are, and what is missing; what needs a person first. */
const postalBlocks = ({ postal }: HomeView): KnownBlock[] => {
  const sorted = [
    ...postal.filter(({ health }) => health !== 'good'),
    ...postal.filter(({ health }) => health === 'good'),
  ];
  const lines = sorted
    .slice(0, atMost.postal)
    .map(({ health, what, detail }) => `${healthMark[health]} ${spoken(what)}: ${spoken(detail)}`);
  const left = sorted.length - lines.length;
  return lines.length === 0
    ? []
    : [
        divider,
        section('*Postal*'),
        context([...lines, ...(left > 0 ? [`${left} more: ${code('/postal-endpoint status')}`] : [])].join('\n')),
      ];
};

const changeLine = ({ permalink, ...each }: LastChange): string => {
  const linked = (state: string): string => (permalink === null ? state : `<${permalink}|${state}>`);
  if ('bulk' in each) {
    const { title, actor, requestedAt, finishedAt } = each.bulk;
    const what = `📦 *${escapeText(oneLine(title))}*: ${verbCounts(each.bulk)}`;
    return `${linked(bulkStateText(each.bulk))} · ${what} · ${mention(actor.userId)} · ${dateText(finishedAt ?? requestedAt)}`;
  }
  const { change } = each;
  const { verb, plan, actor, requestedAt, finishedAt } = change;
  const told = linked(changeStates[change.state]);
  const what = `${verb} *${plan.hostname}*: ${escapeText(beforeAfter(plan))}`;
  return `${told} · ${what} · ${mention(actor.userId)} · ${dateText(isFinished(change) ? (finishedAt ?? requestedAt) : requestedAt)}`;
};

const changeBlocks = ({ changes, cutAt, verification, nowMs }: HomeView): KnownBlock[] => {
  if (changes.length === 0 && cutAt === undefined) return [];
  const further = cutAt === undefined ? [] : [`Changes before ${dateText(cutAt)}: ${code('/postal-endpoint history')}`];
  const { ok, detail } = verificationLine(verification, nowMs, { when: (at) => dateText(at), text: spoken });
  return [
    divider,
    ...sections(['*Last changes*', ...changes.map(changeLine), ...further].join('\n')),
    context(`${ok ? '✓' : '❌'} The history: ${detail}`),
  ];
};

const endpointBlock = ({ registered: { definition }, state, brief, seenAtMs, mute }: EndpointStatus): KnownBlock => {
  const seen = seenAtMs === undefined ? '' : ` · ${dateText(iso(seenAtMs))}`;
  const until = mute === undefined ? '' : ` · 🔕 muted until ${dateText(iso(mute.untilMs))}`;
  const text = `${stateMark(state)} *${definition.hostname}* → ${escapeText(definitionText(definition))}\n${state} · ${escapeText(brief)}${seen}${until}`;
  return { ...section(text), accessory: commandButton('Show', `show ${definition.hostname}`) };
};

const endpointBlocks = ({ endpoints }: HomeView): KnownBlock[] => {
  const rows = endpoints.toSorted((one, other) => byState(one.state, other.state));
  return rows.length === 0
    ? []
    : [divider, section('*Endpoints*'), ...first(rows, atMost.endpoints, 'list', endpointBlock)];
};

/** Counts by state, what needs a person, certificates that expire soon, last changes, then endpoints, the worst first. */
export const homeBlocks = (view: HomeView): KnownBlock[] => {
  const { endpoints } = view;
  const muted = endpoints.filter(({ mute }) => mute !== undefined).length;
  const counts = `${stateCounts(endpoints.map(({ state }) => state))}${muted === 0 ? '' : `   🔕 ${muted} muted`}`;
  return [
    header('Postal endpoints'),
    section(endpoints.length === 0 ? 'No endpoint is registered yet.' : `*${endpoints.length}* registered   ${counts}`),
    actions([
      { ...formButton('Add endpoint', 'add'), style: 'primary' },
      ...(endpoints.length === 0 ? [] : [commandButton('Check all', 'check all'), commandButton('List', 'list')]),
      commandButton('History', 'history'),
    ]),
    divider,
    ...(endpoints.length === 0 &&
    view.incidents.length + view.sight.length + view.plans.length + view.drifts.length === 0
      ? []
      : needsSomebody(view)),
    ...mutedBlocks(view),
    ...certificateBlocks(view),
    ...postalBlocks(view),
    ...changeBlocks(view),
    ...endpointBlocks(view),
  ];
};
