import type { ViewResponseAction } from '@slack/bolt';
import type { Finding } from '../core/endpoint/finding.ts';
import { addCommandLine } from '../core/grammar/add-command-line.ts';
import type { Command } from '../core/grammar/command.ts';
import { slashCommand } from '../core/grammar/table.ts';
import { errorAt, formErrors, readAddForm } from './add-form.ts';
import { enqueue } from './enqueue.ts';
import { firstBlockOf, readFormMetadata } from './forms.ts';
import type { FrontPorts, IncomingOf } from './front-ports.ts';
import { readImportForm } from './import-form.ts';
import { requestIdOfForm } from './request-id.ts';

type Answer = ViewResponseAction | undefined;

/** What a form asks for, or the answer that keeps it open. */
type Asked =
  | { readonly content: object; readonly command: Command; readonly text: string }
  | { readonly answer: ViewResponseAction }
  | undefined;

const askedByAdd = async (ports: FrontPorts, state: unknown, nonce: string): Promise<Asked> => {
  const definition = readAddForm(state);
  if (definition === undefined) return undefined;
  let findings: readonly Finding[] = [];
  try {
    findings = (await ports.loadRules())(definition);
  } catch (error) {
    // The worker checks again, and refuses by message what would have been refused here under its field.
    ports.log.error('The rules did not load', { requestId: requestIdOfForm(nonce, definition), error });
  }
  const errors = formErrors(findings);
  if (errors) return { answer: { response_action: 'errors', errors } };
  return {
    content: definition,
    command: { verb: 'add', definition, dryRun: false },
    text: addCommandLine(definition).replace(`${slashCommand} `, ''),
  };
};

const askedByImport = (state: unknown, teams: readonly (string | undefined)[]): Asked => {
  const read = readImportForm(state, teams);
  if (read === undefined) return undefined;
  if ('errors' in read) return { answer: { response_action: 'errors', errors: read.errors } };
  return { content: read.command, command: read.command, text: 'import' };
};

/** Answers a submitted form: every error under its field, or undefined, which closes it. */
export const answerForm = async (ports: FrontPorts, incoming: IncomingOf<'form'>): Promise<Answer> => {
  const { asker, callbackId, privateMetadata, state } = incoming.request;
  const metadata = readFormMetadata(privateMetadata);
  const asked =
    metadata === undefined
      ? undefined
      : callbackId === 'import'
        ? askedByImport(state, [asker.teamId, asker.enterpriseId])
        : await askedByAdd(ports, state, metadata.nonce);
  const block = firstBlockOf(callbackId);
  if (metadata === undefined || asked === undefined)
    return errorAt(block, 'This form is of an older version of me. Nothing was done: close it and open it again.');
  if ('answer' in asked) return asked.answer;
  const { content, command, text } = asked;
  const enqueued = await enqueue(
    ports,
    { ...incoming, requestId: requestIdOfForm(metadata.nonce, content) },
    { ...asker, channelId: metadata.channelId ?? asker.userId },
    { command, text, replaceOriginal: false },
  );
  if (enqueued === 'queued') return undefined;
  const mayHaveArrived =
    enqueued === 'silent' ? ' Should it have arrived after all, sending it again does no harm.' : '';
  return errorAt(
    block,
    `Nothing was done: my queue did not take this. Press the button again in a moment.${mayHaveArrived}`,
  );
};
