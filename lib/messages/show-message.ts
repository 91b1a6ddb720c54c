import type { KnownBlock } from '@slack/types';
import { adoptable, adoptLine } from '../core/dns/adoptable.ts';
import { markerName } from '../core/dns/marker.ts';
import { chainOf, knownAddresses, type NameAnswer, wildcardFor } from '../core/dns/name-answer.ts';
import type { RecordSet } from '../core/dns/record-set.ts';
import { readNameRecords } from '../core/dns/registered.ts';
import { wildcardText } from '../core/dns/zone-answer.ts';
import type { ZoneResult } from '../core/dns/zone-reading.ts';
import { shortChangeId } from '../core/ledger/change-id.ts';
import type { StreamState } from '../core/ledger/fold.ts';
import { assess } from '../core/postal/assess.ts';
import type { Audit } from '../core/postal/audit/audit.ts';
import type { Difference } from '../core/postal/predictions/comparisons.ts';
import type { PostalProfile } from '../core/postal/profile.ts';
import type { Probed } from '../core/probe-report/report.ts';
import { brokenLink, chainText, unknownParts } from '../core/validation/cname-rules.ts';
import type { StandbyHealth } from '../core/watch/health/standby.ts';
import {
  actions,
  code,
  context,
  dateText,
  escapeText,
  mention,
  plainSection,
  preformatted,
  section,
} from './block-kit/blocks.ts';
import { commandButton, linkButton } from './block-kit/button.ts';
import { type ChartView, chartBlocks, nothingMeasured } from './block-kit/chart-blocks.ts';
import { postalForm } from './change/postal-form.ts';
import { definitionText, targetsText } from './change/record-lines.ts';
import { probeBlocks } from './check/probe-blocks.ts';
import { standbyText } from './check/state-words.ts';
import type { Message } from './message.ts';
import { ownerText } from './owner-text.ts';
import { differenceBlocks } from './postal/difference-blocks.ts';
import { inPostalText } from './postal/in-postal-text.ts';
import { type ToldByWebhooks, webhooksText } from './postal/webhooks-text.ts';

export type ShowView = {
  readonly hostname: string;
  readonly stream: StreamState;
  readonly probed: Probed | undefined;
  /** The record sets of the name and its marker now; absent outside the zones. */
  readonly standing: ZoneResult<readonly RecordSet[]> | undefined;
  /** What the zones answer for the name, where it has no address of its own. */
  readonly zoneAnswer: NameAnswer | undefined;
  readonly standsSo: boolean;
  readonly permalink: string | null;
  readonly profile: PostalProfile;
  readonly nowMs: number;
  /** What the last probe of its standby found. */
  readonly standbySeen: StandbyHealth | undefined;
  /** What Postal has of the name; absent where Postal reports nothing. */
  readonly inPostal?: { readonly audit: Audit; readonly senders: readonly string[] };
  /** What Postal's webhooks have said since the last report. */
  readonly told: readonly ToldByWebhooks[];
  /** Where Postal's deliveries differed from what was predicted. */
  readonly differences: readonly Difference[];
  /** Absent where nothing was measured yet. */
  readonly chart?: ChartView;
  readonly watchedEverySeconds: number;
};

/** Where a name without an address of its own leads: along a chain of CNAMEs, by a wildcard, or nowhere. */
const leadsLine = (answer: NameAnswer): string | undefined => {
  const wildcard = wildcardFor(answer);
  const chain = chainOf(answer);
  if (wildcard === undefined && chain.hops.length === 0) return undefined;
  const by = wildcard === undefined ? '' : `The wildcard ${wildcardText(wildcard)} answers for it. `;
  const broken = brokenLink(answer);
  if (broken !== undefined) return `❌ ${by}*It leads to no address:* ${escapeText(broken)}.`;
  const way = chain.hops.length > 1 ? `, by ${escapeText(chainText(chain))}` : '';
  const unknown = unknownParts(answer);
  return unknown.length > 0
    ? `❔ ${by}Could not check where it leads: ${escapeText(unknown.join('; '))}.`
    : `${by}It leads to ${escapeText(knownAddresses(answer).join(', '))}${way}.`;
};

const standingBlocks = ({ hostname, standing, zoneAnswer, standsSo, stream }: ShowView): KnownBlock[] => {
  if (standing === undefined) return [];
  if (!standing.ok) return [section(`❔ Route 53 could not be read: ${escapeText(standing.failure.message)}`)];
  const own = standing.value.filter(({ name }) => name !== markerName(hostname));
  const { marker, markerSets } = readNameRecords(hostname, standing.value);
  const marked =
    marker !== undefined
      ? 'with ownership marker'
      : markerSets.length > 0
        ? 'with a marker that is not this bot’s'
        : 'without ownership marker';
  const lines = own.map(({ type, ttlSeconds, values }) => `${type.padEnd(5)} ${values.join('  ')}  TTL ${ttlSeconds}`);
  const head = own.length === 0 ? 'Route 53 has no record at this name.' : `In Route 53, ${marked}:`;
  const drift = stream.definition !== undefined && !standsSo ? '⚠️ *Route 53 differs from what is registered.* ' : '';
  const leads = zoneAnswer && leadsLine(zoneAnswer);
  return [
    section(`${drift}${head}`),
    ...(own.length === 0 ? [] : [preformatted(lines.join('\n'))]),
    ...(leads === undefined ? [] : [section(leads)]),
  ];
};

/** What to do with a name that is not registered: register it, take over what is there, or know what is in the way. */
const nextStepBlocks = ({ hostname, standing }: ShowView): KnownBlock[] => {
  const judged = adoptable(hostname, standing?.ok === true ? standing.value : []);
  switch (judged.kind) {
    case 'nothing':
      return [section(`Register it: ${code(`/postal-endpoint add ${hostname} <address>`)}`)];
    case 'yes':
      return [section(`Take over what is there: ${code(adoptLine(hostname))}`)];
    case 'no':
      return [section(escapeText(`${judged.wrong} ${judged.right}`))];
  }
};

const inPostalBlocks = ({ inPostal, told, differences, nowMs }: ShowView): KnownBlock[] => {
  const counted = webhooksText(told);
  return [
    ...(inPostal === undefined ? [] : [section(inPostalText(inPostal.audit, inPostal.senders, nowMs))]),
    ...(counted === '' ? [] : [section(counted)]),
    ...differenceBlocks(differences),
  ];
};

/** All that is known of one hostname. */
export const showMessage = (view: ShowView): Message => {
  const { hostname, stream, probed, permalink, profile, nowMs, chart, watchedEverySeconds } = view;
  const { definition, registeredBy } = stream;
  const buttons = [commandButton('Check now', `check ${hostname}`), commandButton('History', `history ${hostname}`)];
  if (definition === undefined || registeredBy === undefined) {
    const active = stream.active === undefined ? '' : ` ${mention(stream.active.actor.userId)} is adding it now.`;
    const text = `${hostname} is not registered.${active}`;
    return {
      text,
      blocks: [
        section(`*${hostname}* is not registered.${active}`),
        ...standingBlocks(view),
        ...inPostalBlocks(view),
        ...nextStepBlocks(view),
        actions(buttons),
      ],
    };
  }
  const standby =
    definition.standby === undefined
      ? ''
      : `\nStandby: ${code(targetsText(definition.standby))}, ${standbyText(view.standbySeen)}`;
  const owner = definition.owner === undefined ? '' : `\nOwner: ${ownerText(definition.owner)}`;
  const by = `by ${mention(registeredBy.actor.userId)} · ${dateText(registeredBy.requestedAt)} · change ${code(shortChangeId(registeredBy.changeId))}${
    permalink === null ? '' : ` · <${permalink}|message>`
  }`;
  return {
    text: `${hostname} → ${definitionText(definition)}`,
    blocks: [
      section(
        `*${hostname}* → ${escapeText(definitionText(definition))}, TTL ${definition.ttlSeconds} s${standby}${owner}`,
      ),
      ...inPostalBlocks(view),
      ...standingBlocks(view),
      ...(probed === undefined
        ? [section('❔ *Not probed yet.*')]
        : [...probeBlocks(assess(probed.result, { profile, nowMs })), context(`seen ${dateText(probed.at)}`)]),
      ...(chart === undefined ? [nothingMeasured(watchedEverySeconds)] : chartBlocks(chart)),
      ...postalForm(definition, false),
      ...(definition.note === undefined ? [] : [plainSection(`Note: ${definition.note}`)]),
      context(by),
      actions([...buttons, ...(profile.webUrl === undefined ? [] : [linkButton('Open Postal', profile.webUrl)])]),
    ],
  };
};
