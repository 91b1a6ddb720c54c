import type { Deadline } from '../../core/base/deadline.ts';
import { normaliseName } from '../../core/endpoint/hostname.ts';
import { matchesHostname, patternMistake } from '../../core/policy/hostname-pattern.ts';
import type { Unregistered } from '../../core/validation/unregistered.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { externalDnsText } from '../../messages/unregistered-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { permitted } from '../authorise/permitted.ts';
import { requestBulk } from '../bulk/request-bulk.ts';
import { readUnregistered } from '../look-up/read-unregistered.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Options that only one endpoint can have. */
const ofOneAlone = ({ name, standby }: Request<'adopt'>['command']['changes']): readonly string[] => [
  ...(name === undefined ? [] : ['--name']),
  ...(standby === undefined ? [] : ['--standby']),
];

const whyLeft = ({ fate }: Unregistered): string | undefined => {
  switch (fate.kind) {
    case 'adoptable':
      return undefined;
    case 'external-dns':
      return `It is ${externalDnsText(fate.owner)}, which would change back what the bot writes there. Remove it from external-dns first.`;
    case 'unadoptable':
      return `${fate.wrong} ${fate.right}`;
  }
};

/** Takes over every record in the zones that nobody registered and whose name fits a pattern, in one bulk. */
export const adoptMany = (ports: Ports, request: Request<'adopt'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { hostname: text, changes } = request.command;
    const pattern = normaliseName(text);
    const refuseWith = (...lines: readonly string[]): Promise<Outcome> =>
      answer(ports, request, plainRefusal([...lines, 'Nothing was changed.']), deadline);
    const mistake = patternMistake(pattern);
    if (mistake !== undefined)
      return refuseWith(`hostname: ${mistake}. Write a hostname, or a pattern such as *.mail.corp.internal.`);
    const single = ofOneAlone(changes);
    if (single.length > 0)
      return refuseWith(
        `${single.join(', ')}: each name needs its own. Leave it out, and set it with update afterwards.`,
      );
    const [read, may] = await Promise.all([
      readUnregistered(ports, deadline.signal),
      permitted(ports, request, deadline.signal),
    ]);
    const fitting = read.names.filter(({ hostname }) => matchesHostname(pattern, hostname) && may(hostname));
    const unread = read.unread.map(({ name, why }) => `Zone ${name} could not be read: ${why}`);
    const left = fitting.flatMap((each) => {
      const reason = whyLeft(each);
      return reason === undefined ? [] : [{ what: each.hostname, reason }];
    });
    const adopted = fitting.filter(({ fate }) => fate.kind === 'adoptable');
    if (adopted.length === 0) {
      const reasons = left.slice(0, namedAtMost).map(({ what, reason }) => `${what}: ${reason}`);
      const more = left.length > namedAtMost ? [`… and ${left.length - namedAtMost} more.`] : [];
      return refuseWith(`No record that fits ${pattern} can be adopted.`, ...reasons, ...more, ...unread);
    }
    return requestBulk(
      ports,
      request,
      {
        source: 'adopt',
        title: `Adopt ${pattern}`,
        changes: adopted.map(({ hostname }) => ({ verb: 'adopt', hostname, changes })),
        leftOut: left,
        remarks: unread,
      },
      deadline,
    );
  });

const namedAtMost = 10;
