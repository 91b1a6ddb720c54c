import { describe, expect, it, test } from 'vitest';
import { importForm, readImportForm } from '../../lib/front/import-form.ts';
import { checkView } from '../../lib/local/slack/blocks/view-rules.ts';

const file = {
  id: 'F1',
  name: 'names.csv',
  size: 40,
  user_team: 'T0TEAM',
  is_external: false,
  url_private_download: 'https://files.slack.com/files-pri/T0TEAM-F1/download/names.csv',
};
const state = (files: readonly unknown[], pasted: string | null = null, zone: string | null = null): unknown => ({
  values: {
    file: { value: { type: 'file_input', files } },
    pasted: { value: { type: 'plain_text_input', value: pasted } },
    zone: { value: { type: 'plain_text_input', value: zone } },
  },
});
const read = (given: unknown) => readImportForm(given, ['T0TEAM', undefined]);

describe('the form of import', () => {
  it('is one that Slack takes, with the longest text that a field takes', () => {
    const view = importForm('nonce', 'C1');
    expect(checkView(view, 'modal', (prefix) => prefix)).toMatchObject({ ok: true });
    expect(JSON.stringify(view)).toContain('"max_length":3000');
  });

  it('asks for a file', () => {
    const { name, size, url_private_download: url } = file;
    expect(read(state([file]))).toEqual({ command: { verb: 'import', file: { name, size, url } } });
    expect(read(state([{ ...file, name: null }], '  ', ' corp.internal '))).toEqual({
      command: { verb: 'import', file: { name: 'file', size, url }, zone: 'corp.internal' },
    });
  });

  it('or for its text, as it was pasted', () => {
    expect(read(state([], 'host,ip\n a,10.0.0.1\n'))).toEqual({
      command: { verb: 'import', pasted: 'host,ip\n a,10.0.0.1\n' },
    });
  });

  test.each<[string, unknown, object]>([
    ['nothing', state([], ' \n'), { file: expect.stringContaining('Give a file') }],
    ['both', state([file], 'x'), { pasted: expect.stringContaining('not both') }],
    ['two files', state([file, file]), { file: 'Give one file.' }],
    ['a large file', state([{ ...file, size: 10_485_761 }]), { file: expect.stringContaining('at most 10.0 MB') }],
    [
      'a file of another workspace',
      state([{ ...file, user_team: 'T0OTHER' }]),
      { file: expect.stringContaining('another workspace') },
    ],
    ['a linked file', state([{ ...file, is_external: true }]), { file: expect.stringContaining('only linked') }],
    [
      'a file without address',
      state([{ ...file, url_private_download: undefined }]),
      { file: expect.stringContaining('only linked') },
    ],
  ])('refuses %s at its field', (_, given, errors) => {
    expect(read(given)).toEqual({ errors });
  });

  it('is not what it reads when the form is another one', () => {
    expect(read({ values: { file: { value: { files: [{ size: 'x' }] } } } })).toBeUndefined();
    expect(read(undefined)).toBeUndefined();
  });
});
