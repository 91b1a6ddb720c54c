import type { InputBlock, ModalView } from '@slack/types';
import * as z from 'zod/mini';
import type { CommandOf } from '../core/grammar/command.ts';
import { importLimits } from '../core/limits/limits.ts';
import { elementId, type FormMetadata, input, line } from './forms.ts';

/** A form of input blocks alone. */
type ImportForm = Omit<ModalView, 'blocks'> & { blocks: InputBlock[] };

/** The form of `import`. `channelId` is where it was asked for; null when that was no channel. */
export const importForm = (nonce: string, channelId: string | null): ImportForm => ({
  type: 'modal',
  callback_id: 'import',
  private_metadata: JSON.stringify({ nonce, channelId } satisfies FormMetadata),
  title: { type: 'plain_text', text: 'Import endpoints' },
  submit: { type: 'plain_text', text: 'Show plan' },
  close: { type: 'plain_text', text: 'Cancel' },
  blocks: [
    input(
      'file',
      'File',
      { type: 'file_input', max_files: 1 },
      {
        optional: true,
        hint: 'CSV, a zone file, JSON lines, or what postal-endpoint audit --json wrote; up to 10 MB. Nothing is changed before you confirm it.',
      },
    ),
    input('pasted', 'Or paste its text', line({ multiline: true, longest: importLimits.pastedCharacters }), {
      optional: true,
      hint: 'Up to 3,000 characters; more needs the file.',
    }),
    input('zone', 'Zone of short names', line({ placeholder: 'corp.internal', longest: 255 }), {
      optional: true,
      hint: 'Where names without a dot lie. Blank is the only zone of the policy.',
    }),
  ],
});

const fileSchema = z.object({
  name: z.nullish(z.string()),
  size: z.int().check(z.minimum(0)),
  url_private_download: z.optional(z.string()),
  /** The workspace of whoever uploaded it. */
  user_team: z.nullish(z.string()),
  is_external: z.optional(z.boolean()),
});
const stateSchema = z.object({
  values: z.object({
    file: z.optional(z.object({ [elementId]: z.object({ files: z.nullish(z.array(fileSchema)) }) })),
    pasted: z.optional(z.object({ [elementId]: z.object({ value: z.nullish(z.string()) }) })),
    zone: z.optional(z.object({ [elementId]: z.object({ value: z.nullish(z.string()) }) })),
  }),
});

/** What a submitted form asks for, or what is wrong with it by block. */
export type ReadImportForm =
  | { readonly command: CommandOf<'import'> }
  | { readonly errors: { [blockId: string]: string } };

const megabytes = (octets: number): string => (octets / 1_048_576).toFixed(1);

const fileProblem = (
  { size, url_private_download: url, user_team: team, is_external: isExternal }: z.infer<typeof fileSchema>,
  teams: readonly (string | undefined)[],
): string | undefined => {
  if (team && !teams.includes(team)) return 'It belongs to another workspace. Upload a file of your own.';
  if (isExternal === true || url === undefined) return 'It is only linked in Slack. Upload the file itself.';
  if (size > importLimits.octets)
    return `It has ${megabytes(size)} MB; at most ${megabytes(importLimits.octets)} MB are read. Import it in parts.`;
  return undefined;
};

/** Of a file, as messages show it. */
const longestName = 120;

/** Reads the form as it was filled in; undefined when it is from another form. `teams`: the person's own. */
export const readImportForm = (state: unknown, teams: readonly (string | undefined)[]): ReadImportForm | undefined => {
  const parsed = stateSchema.safeParse(state);
  if (!parsed.success) return undefined;
  const { values } = parsed.data;
  const [file, ...more] = values.file?.value?.files ?? [];
  const pasted = values.pasted?.value?.value?.toWellFormed() ?? '';
  const zone = values.zone?.value?.value?.toWellFormed().trim() ?? '';
  const inZone = zone === '' ? {} : { zone };
  if (file === undefined)
    return pasted.trim() === ''
      ? { errors: { file: 'Give a file, or paste its text below.' } }
      : { command: { verb: 'import', pasted, ...inZone } };
  if (pasted.trim() !== '') return { errors: { pasted: 'Give the file or the text, not both.' } };
  const problem = more.length > 0 ? 'Give one file.' : fileProblem(file, teams);
  if (problem !== undefined) return { errors: { file: problem } };
  const { name, size, url_private_download: url = '' } = file;
  const given = { name: name?.slice(0, longestName).toWellFormed() || 'file', size, url };
  return { command: { verb: 'import', file: given, ...inZone } };
};
