import { describe, expect, it } from 'vitest';
import { slackLimits } from '../../lib/core/limits/limits.ts';
import { addForm, formErrors, readAddForm } from '../../lib/front/add-form.ts';
import { readFormMetadata } from '../../lib/front/forms.ts';

const filledIn = (values: Readonly<Record<string, Record<string, unknown>>>): unknown => ({
  values: Object.fromEntries(Object.entries(values).map(([blockId, field]) => [blockId, { value: field }])),
});
const typed = (value: string | null) => ({ type: 'plain_text_input', value });

describe('addForm', () => {
  const view = addForm('nonce-1', 'C0001');

  it('has one field an argument, each under its own id', () => {
    expect(view.blocks.map((block) => block.block_id)).toEqual([
      'hostname',
      'target',
      'port',
      'ssl-mode',
      'standby',
      'ttl',
      'name',
      'owner',
      'note',
    ]);
    const required = view.blocks.filter((block) => !block.optional).map((block) => block.block_id);
    expect(required).toEqual(['hostname', 'target', 'ssl-mode']);
  });

  it("offers Postal's four SSL modes, Auto chosen", () => {
    const [element] = view.blocks.flatMap((block) => (block.element.type === 'static_select' ? [block.element] : []));
    expect(element?.options?.map((option) => option.value)).toEqual(['None', 'Auto', 'STARTTLS', 'TLS']);
    expect(element?.initial_option?.value).toBe('Auto');
    for (const option of element?.options ?? [])
      expect(option.text.text.length).toBeLessThanOrEqual(slackLimits.optionText);
    expect(element?.options).toContainEqual(element?.initial_option);
  });

  it("stays within Slack's limits", () => {
    expect(view.title.text.length).toBeLessThanOrEqual(slackLimits.viewTitle);
    expect(view.blocks.length).toBeLessThanOrEqual(slackLimits.blocksPerView);
    expect(view.private_metadata?.length).toBeLessThanOrEqual(slackLimits.privateMetadata);
  });

  it('carries its nonce and where to answer', () => {
    expect(readFormMetadata(view.private_metadata ?? '')).toEqual({ nonce: 'nonce-1', channelId: 'C0001' });
    expect(readFormMetadata(addForm('n', null).private_metadata ?? '')).toEqual({ nonce: 'n', channelId: null });
    expect(readFormMetadata('')).toBeUndefined();
    expect(readFormMetadata('{"nonce":1}')).toBeUndefined();
  });

  it('can be opened filled in', () => {
    const filled = addForm('n', null, {
      hostname: 'gitlab.corp.internal',
      targets: ['10.0.4.12', '10.0.4.13'],
      sslMode: 'TLS',
      owner: 'U0001',
      port: '465',
    });
    const text = JSON.stringify(filled);
    for (const value of ['gitlab.corp.internal', '10.0.4.12\\n10.0.4.13', '465', 'U0001'])
      expect(text).toContain(value);
    const [select] = filled.blocks.flatMap((block) => (block.element.type === 'static_select' ? [block.element] : []));
    expect(select?.initial_option?.value).toBe('TLS');
  });
});

describe('readAddForm', () => {
  it('reads every field, and targets however they are parted', () => {
    const state = filledIn({
      hostname: typed(' https://gitlab.corp.internal/ '),
      target: typed('10.0.4.12, 10.0.4.13\n10.0.4.14 10.0.4.15;'),
      port: typed('465'),
      'ssl-mode': {
        type: 'static_select',
        selected_option: { text: { type: 'plain_text', text: 'TLS: …' }, value: 'TLS' },
      },
      standby: typed('10.0.5.1\n'),
      ttl: typed('60'),
      name: typed('Git Lab'),
      owner: { type: 'users_select', selected_user: 'U0002' },
      note: typed('two\nlines'),
    });
    expect(readAddForm(state)).toEqual({
      hostname: 'gitlab.corp.internal',
      targets: ['10.0.4.12', '10.0.4.13', '10.0.4.14', '10.0.4.15'],
      port: '465',
      sslMode: 'TLS',
      standby: ['10.0.5.1'],
      ttl: '60',
      name: 'Git Lab',
      owner: 'U0002',
      note: 'two\nlines',
    });
  });

  it('leaves out what was left blank', () => {
    const state = filledIn({
      hostname: typed('gitlab.corp.internal'),
      target: typed('10.0.4.12'),
      port: typed(null),
      'ssl-mode': { type: 'static_select', selected_option: null },
      name: typed('  '),
      owner: { type: 'users_select', selected_user: null },
    });
    expect(readAddForm(state)).toEqual({ hostname: 'gitlab.corp.internal', targets: ['10.0.4.12'] });
  });

  it.each([
    undefined,
    null,
    {},
    { values: [] },
    { values: { hostname: 'x' } },
    { values: { hostname: { value: { value: 7 } } } },
  ])('does not take %j', (state) => expect(readAddForm(state)).toBeUndefined());
});

describe('formErrors', () => {
  it('puts every blocking finding under its field, and no warning', () => {
    expect(
      formErrors([
        { id: 'port-range', severity: 'block', argument: 'port', wrong: '0 is below 1.', right: 'Give 25.' },
        { id: 'port-allowed', severity: 'block', argument: 'port', wrong: '0 is not allowed.', right: 'Give 25.' },
        { id: 'ssl-mode-none', severity: 'warn', argument: 'ssl-mode', wrong: 'Plaintext.', right: 'Give Auto.' },
      ]),
    ).toEqual({ port: '0 is below 1. Give 25.\n0 is not allowed. Give 25.' });
  });

  it('is nothing where nothing blocks', () => expect(formErrors([])).toBeUndefined());
});
