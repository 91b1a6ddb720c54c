const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const preformatted = (text: string) => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
});
const button = (id: string, label: string, more: object = {}) => ({
  type: 'button',
  action_id: id,
  value: '01JD8Z7Q',
  text: plain(label),
  ...more,
});
const option = (value: string) => ({ text: plain(value), value });
const input = (id: string, label: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id: id,
  label: plain(label),
  element: { action_id: 'v', ...element },
  ...more,
});

/** A change, as the channel sees it. */
export const addedBlocks = () => [
  mrkdwn(
    `✅ *gitlab.mail.corp.internal added* by <@U0MARIA> · <!date^${Math.floor(Date.now() / 1000)}^{date_short_pretty} {time}|just now>`,
  ),
  preformatted('+ A    10.0.4.12   TTL 60\n+ TXT  _postal-endpoint.gitlab.mail.corp.internal'),
  mrkdwn(
    '*Postal will get in, encrypted.* STARTTLS offered · certificate expires in 61 days · 38 ms\n⚠️ The certificate is self-signed: fine with Auto, fails with TLS.',
  ),
  {
    ...mrkdwn('In Postal → Routing → SMTP endpoints → Add:'),
    accessory: { type: 'button', action_id: 'open', text: plain('Open Postal'), url: 'https://postal.example.com/' },
  },
  {
    type: 'section',
    fields: ['*Name*\nGitLab', '*Hostname*\ngitlab.mail.corp.internal', '*Port*\n25', '*SSL Mode*\nAuto'].map(
      (text) => ({ type: 'mrkdwn', text }),
    ),
  },
  { type: 'context', elements: [{ type: 'mrkdwn', text: 'change `01JD8Z7Q` · ledger `7f3a9c1b20de`' }] },
  {
    type: 'actions',
    elements: [
      button('check', 'Check again'),
      button('undo', 'Undo', {
        style: 'danger',
        confirm: {
          title: plain('Undo this change?'),
          text: {
            type: 'mrkdwn',
            text: '`gitlab.mail.corp.internal` will be *removed*. Postal stops delivering to it.',
          },
          confirm: plain('Undo'),
          deny: plain('Keep it'),
          style: 'danger',
        },
      }),
      button('history', 'History'),
    ],
  },
];

/** A refusal, as the one who asked sees it. */
export const refusedBlocks = [
  mrkdwn("*I can't add that: 2 problems.* Nothing was changed."),
  mrkdwn(
    '✗ *hostname*: `10.0.4.12` is an address. Postal never delivers to one ("No hosts to try"). Try `gitlab.mail.corp.internal`\n✗ *port*: `70000` is above 65535. Postal would connect to port 4464',
  ),
  preformatted('/postal-endpoint add gitlab.mail.corp.internal 10.0.4.12 --port 25'),
];

/** The form of `add`. */
export const addForm = {
  type: 'modal',
  callback_id: 'add',
  title: plain('Add an endpoint'),
  submit: plain('Add'),
  blocks: [
    input('hostname', 'Hostname', { type: 'plain_text_input', placeholder: plain('gitlab.mail.corp.internal') }),
    input(
      'targets',
      'Targets',
      { type: 'plain_text_input', multiline: true },
      { hint: plain('One address a line, or one host name.') },
    ),
    input('port', 'Port', { type: 'plain_text_input', initial_value: '25' }),
    input('ssl', 'SSL mode', {
      type: 'static_select',
      initial_option: option('Auto'),
      options: ['None', 'Auto', 'STARTTLS', 'TLS'].map(option),
    }),
    input('owner', 'Owner', { type: 'users_select' }, { optional: true }),
  ],
};

/** A user's App Home. */
export const statusHome = {
  type: 'home',
  blocks: [{ type: 'header', text: plain('12 endpoints') }, mrkdwn('All of them could be delivered to.')],
};
