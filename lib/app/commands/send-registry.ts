import type { Deadline } from '../../core/base/deadline.ts';
import type { Definition } from '../../core/endpoint/definition.ts';
import { registryFile } from '../../core/postal/audit/registry-file.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import {
  type RegistryView,
  registryIntroduction,
  registryNotSentMessage,
  registrySentMessage,
} from '../../messages/registry-message.ts';
import { handOver } from '../notify/hand-over.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Hands the registry over as the file that `postal-endpoint audit --registry` reads. */
export const sendRegistry = (
  ports: Ports,
  request: Request<'list'>,
  definitions: readonly Definition[],
  deadline: Deadline,
): Promise<Outcome> => {
  const at = new Date(ports.clock.now()).toISOString().slice(0, 19).replaceAll(':', '');
  const view: RegistryView = {
    name: `registry-${at}Z.jsonl`,
    count: definitions.length,
    isShared: request.command.share,
  };
  const file = {
    name: view.name,
    title: 'Registry',
    bytes: Buffer.from(registryFile(definitions)),
    comment: registryIntroduction(view),
  };
  const messages = {
    done: (permalink: string | null) => registrySentMessage(view, permalink),
    failed: (failure: MessengerFailure) => registryNotSentMessage(view, failure),
  };
  return handOver(ports, request, file, messages, deadline);
};
