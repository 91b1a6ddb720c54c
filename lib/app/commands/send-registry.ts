import type { Deadline } from '../../core/base/deadline.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import type { RegistryFormat } from '../../core/endpoint/registry-format.ts';
import { registryRow } from '../../core/endpoint/registry-row.ts';
import { registryText } from '../../core/import/registry-text.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import {
  type RegistryView,
  registryIntroduction,
  registryNotSentMessage,
  registrySentMessage,
} from '../../messages/registry-message.ts';
import { handOver } from '../notify/hand-over.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Hands what was registered at a moment (milliseconds since the epoch) over as a file that `import` reads; of JSON lines, `postal-endpoint audit --registry` too. */
export const sendRegistry = (
  ports: Ports,
  request: Request<'list'>,
  { format, atMs, at }: { readonly format: RegistryFormat; readonly atMs: number; readonly at?: string },
  definitions: readonly Definition[],
  deadline: Deadline,
): Promise<Outcome> => {
  const time = new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '');
  const view: RegistryView = {
    name: `registry-${time}Z.${format}`,
    count: definitions.length,
    isShared: request.command.share,
    format,
    at,
  };
  const file = {
    name: view.name,
    title: 'Registry',
    bytes: Buffer.from(registryText(format, definitions.map(registryRow))),
    comment: registryIntroduction(view),
  };
  const messages = {
    done: (permalink: string | null) => registrySentMessage(view, permalink),
    failed: (failure: MessengerFailure) => registryNotSentMessage(view, failure),
  };
  return handOver(ports, request, file, messages, deadline);
};
