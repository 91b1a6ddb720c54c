import type { ViewResponseAction } from '@slack/bolt';
import type { InputBlock, ModalView, PlainTextOption } from '@slack/types';
import * as z from 'zod/mini';
import { isSlackId } from '../core/base/slack-ids.ts';
import { type DefinitionInput, type SslMode, sslModes } from '../core/endpoint/definition.ts';
import type { Argument, Finding } from '../core/endpoint/finding.ts';
import { hostFromText } from '../core/grammar/slack-text.ts';
import { elementId, type FormMetadata, input, line } from './forms.ts';

const sslModeLabels: { readonly [Mode in SslMode]: string } = {
  None: 'None: never encrypted',
  Auto: 'Auto: encrypted where the server offers it',
  STARTTLS: 'STARTTLS: plaintext in Postal 3',
  TLS: 'TLS: encrypted from the first byte (port 465)',
};

const sslModeOption = (mode: SslMode): PlainTextOption => ({
  text: { type: 'plain_text', text: sslModeLabels[mode] },
  value: mode,
});

export const exampleOfName = 'gitlab.mail.corp.internal';

/** A form of input blocks alone. */
export type AddForm = Omit<ModalView, 'blocks'> & { blocks: InputBlock[] };

/** The form of `add`. `channelId` is where it was asked for; null when that was no channel. Each block's id is the argument that it holds. */
export const addForm = (
  nonce: string,
  channelId: string | null,
  initial: Partial<DefinitionInput> = {},
  example = exampleOfName,
): AddForm => {
  const mode = sslModes.find((known) => known === initial.sslMode) ?? 'Auto';
  return {
    type: 'modal',
    callback_id: 'add',
    private_metadata: JSON.stringify({ nonce, channelId } satisfies FormMetadata),
    title: { type: 'plain_text', text: 'Add endpoint' },
    submit: { type: 'plain_text', text: 'Add' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      input(
        'hostname',
        'Hostname',
        line({ placeholder: example, initial: initial.hostname, longest: 300, first: true }),
        { hint: 'What you will type in Postal. Postal delivers to names only, never to an address.' },
      ),
      input(
        'target',
        'Targets',
        line({ placeholder: 'One a line', initial: initial.targets?.join('\n'), multiline: true, longest: 1000 }),
        { hint: 'Addresses of the mail server, or one name that it has. Postal tries all IPv6 first, then IPv4.' },
      ),
      input('port', 'Port', line({ initial: initial.port ?? '25', longest: 10 }), {
        optional: true,
        hint: 'Blank is 25, as in Postal.',
      }),
      input(
        'ssl-mode',
        'SSL mode',
        { type: 'static_select', options: sslModes.map(sslModeOption), initial_option: sslModeOption(mode) },
        { hint: 'Auto verifies no certificate. TLS verifies chain and dates, but not the name in it.' },
      ),
      input(
        'standby',
        'Standby',
        line({ placeholder: 'One a line', initial: initial.standby?.join('\n'), multiline: true, longest: 1000 }),
        { optional: true, hint: 'Where to fail over to. Not in DNS until then.' },
      ),
      input('ttl', 'TTL in seconds', line({ placeholder: '60', initial: initial.ttl, longest: 10 }), {
        optional: true,
        hint: 'How long resolvers may remember the answer: the shorter, the sooner a failover takes effect.',
      }),
      input('name', 'Name in Postal', line({ placeholder: 'GitLab', initial: initial.name, longest: 80 }), {
        optional: true,
      }),
      input(
        'owner',
        'Owner',
        {
          type: 'users_select',
          ...(initial.owner !== undefined && isSlackId('user', initial.owner) ? { initial_user: initial.owner } : {}),
        },
        { optional: true, hint: 'Whom to ask about it.' },
      ),
      input('note', 'Note', line({ initial: initial.note, multiline: true, longest: 500 }), { optional: true }),
    ],
  };
};

const field = z.object({
  value: z.nullish(z.string()),
  selected_option: z.nullish(z.object({ value: z.string() })),
  selected_user: z.nullish(z.string()),
});
const stateSchema = z.object({ values: z.record(z.string(), z.record(z.string(), field)) });

const words = (text: string | undefined): readonly string[] =>
  (text ?? '').split(/[\s,;]+/).filter((word) => word !== '');

/** The definition as it was filled in, or undefined when it is from another form. Blank fields are left out. */
export const readAddForm = (state: unknown): DefinitionInput | undefined => {
  const parsed = stateSchema.safeParse(state);
  if (!parsed.success) return undefined;
  const { values } = parsed.data;
  const filled = (argument: Argument): string | undefined => {
    const entry = values[argument]?.[elementId];
    return (entry?.value ?? entry?.selected_option?.value ?? entry?.selected_user)?.toWellFormed().trim() || undefined;
  };
  const given = <Key extends keyof DefinitionInput>(key: Key, argument: Argument): { readonly [K in Key]?: string } => {
    const value = filled(argument);
    return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: string });
  };
  const standby = words(filled('standby')).map(hostFromText);
  return {
    hostname: hostFromText(filled('hostname') ?? ''),
    targets: words(filled('target')).map(hostFromText),
    ...(standby.length > 0 ? { standby } : {}),
    ...given('port', 'port'),
    ...given('sslMode', 'ssl-mode'),
    ...given('ttl', 'ttl'),
    ...given('name', 'name'),
    ...given('owner', 'owner'),
    ...given('note', 'note'),
  };
};

/** Every blocking finding under the field that it is about, or undefined when there is none. */
export const formErrors = (findings: readonly Finding[]): { [blockId: string]: string } | undefined => {
  const errors: { [blockId: string]: string } = {};
  for (const { severity, argument, wrong, right } of findings) {
    if (severity !== 'block') continue;
    errors[argument] = [...(errors[argument] === undefined ? [] : [errors[argument]]), `${wrong} ${right}`].join('\n');
  }
  return Object.keys(errors).length > 0 ? errors : undefined;
};

/** An answer to a submission that keeps the form open, with a message under one of its fields. */
export const errorAt = (blockId: string, message: string): ViewResponseAction => ({
  response_action: 'errors',
  errors: { [blockId]: message },
});
