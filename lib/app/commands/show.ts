import type { Deadline } from '../../core/base/deadline.ts';
import { markerName } from '../../core/dns/marker.ts';
import { sameRecordSets } from '../../core/dns/record-set.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import { fold } from '../../core/ledger/fold.ts';
import { checkHostname } from '../../core/validation/check-hostname.ts';
import { standbyHealthOf } from '../../core/watch/health/standby.ts';
import { pictureMessage } from '../../messages/block-kit/chart-blocks.ts';
import { refusedMessage } from '../../messages/refused-message.ts';
import { showMessage } from '../../messages/show-message.ts';
import { authorised } from '../authorise/authorised.ts';
import {
  answerPictured,
  chartPicture,
  chartSamples,
  chartWords,
  type PicturedAnswer,
} from '../chart/endpoint-chart.ts';
import { lookUpName } from '../look-up/look-up-name.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { readDifferences } from '../postal/read-differences.ts';
import { readInPostal } from '../postal/read-postal.ts';
import { permalinkOf } from '../state/announcements.ts';
import { lastProbe } from '../state/directory.ts';
import { readHealth } from '../state/health-store.ts';
import { listTallies } from '../state/postal/webhook-store.ts';

/** What the words wait for their picture, from the request on: a response_url cannot take back what it said. */
const pictureWithinMs = 2_000;

/** One hostname as it is registered, as Route 53 has it, and as it was last seen. */
export const show = async (ports: Ports, request: Request<'show'>, deadline: Deadline): Promise<Outcome> => {
  const { signal } = deadline;
  const patience = AbortSignal.timeout(pictureWithinMs);
  const { hostname, findings, suggestion } = checkHostname(request.command.hostname, { zones: ports.policy.zones });
  const corrected = suggestion === undefined ? undefined : `/postal-endpoint show ${suggestion}`;
  if (hostname === undefined) return answer(ports, request, refusedMessage('show', findings, corrected), deadline);
  return authorised(ports, request, hostname, deadline, async () => {
    const zone = zoneOf(hostname, ports.policy.zones);
    const [entries, probed, samples, health, inPostal, tallies, differences, standing] = await Promise.all([
      ports.ledger.read(hostname, signal),
      lastProbe(ports.state, hostname, signal),
      chartSamples(ports, hostname, signal),
      readHealth(ports.state, hostname, signal),
      readInPostal(ports, hostname, signal),
      listTallies(ports.state, signal),
      readDifferences(ports, hostname, signal),
      zone === undefined ? undefined : ports.zones.readNames(zone.id, [hostname, markerName(hostname)], signal),
    ]);
    // A name with addresses of its own leads nowhere else.
    const hasAddress = standing?.ok === true && standing.value.some(({ type }) => type === 'A' || type === 'AAAA');
    const zoneAnswer = zone === undefined || hasAddress ? undefined : await lookUpName(ports, hostname, signal);
    const stream = fold(entries);
    const change = stream.registeredBy;
    const isMeasured = change !== undefined && samples.length > 0;
    const drawing = isMeasured ? chartPicture(ports, hostname, samples, signal) : undefined;
    const view = {
      hostname,
      stream,
      probed,
      standing,
      zoneAnswer,
      standsSo: change !== undefined && standing?.ok === true && sameRecordSets(standing.value, change.plan.after),
      permalink: change === undefined ? null : await permalinkOf(ports.state, change, signal),
      profile: ports.profile,
      standbySeen: stream.definition && standbyHealthOf(stream.definition, health),
      nowMs: ports.clock.now(),
      differences,
      // A report counts what webhooks said before it, and what no webhook said.
      told: tallies.filter((each) => each.hostname === hostname && each.tally.lastAtMs > (inPostal?.audit.atMs ?? 0)),
      ...(inPostal === undefined
        ? {}
        : { inPostal: { audit: inPostal.audit, senders: inPostal.heads.map(({ sender }) => sender) } }),
      watchedEverySeconds: ports.policy.watch.intervalSeconds,
    };
    if (drawing === undefined) return answer(ports, request, showMessage(view), deadline);
    const words = chartWords(samples, view.nowMs);
    const pictured: PicturedAnswer = {
      messageOf: (picture) => showMessage({ ...view, chart: { ...words, picture } }),
      afterwards: (picture) => pictureMessage(hostname, words.sentences, picture),
    };
    return answerPictured(ports, request, pictured, drawing, patience, deadline);
  });
};
