import { setTimeout } from 'node:timers/promises';
import type { StoredMessage, User } from '../../lib/local/slack/store/workspace.ts';
import type { SampleName, SmtpSample } from '../../lib/local/smtp/samples.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { localPeople, localZone } from '../../lib/local/workspace-seed.ts';
import { lastMonth, recordMonth } from './month.ts';
import { peopleOf } from './people.ts';
import { reportPostal } from './postal-report.ts';
import { recordWeek } from './week.ts';

/** A message as it stood at a moment of the story, and who saw it. */
export type Told = { readonly name: string; readonly reader: User; readonly message: StoredMessage };

const [maria, li, oncall] = localPeople.users;
const mail = (label: string): string => `${label}.mail.${localZone.name}`;
const prod = (label: string): string => `${label}.prod.${localZone.name}`;
const [gitlab, wiki, tickets, legacy] = [mail('gitlab'), mail('wiki'), mail('tickets'), mail('legacy')];

/** The change that a message's buttons are about. */
const changeIn = ({ blocks }: StoredMessage): string =>
  /\b(?:cancel|reject|undo) ([0-9A-Z]{26})/.exec(JSON.stringify(blocks))?.[1] ?? '';

/** Plays a day with the bot, in which every command is given once, and hands over what it answered. */
export const playMessages = async (workspace: LocalWorkspace): Promise<readonly Told[]> => {
  const { ask, say, next, press, fillIn } = peopleOf(workspace);
  const told: Told[] = [];
  const keep = (name: string, reader: User, message: StoredMessage): StoredMessage => {
    told.push({ name, reader, message });
    return message;
  };
  const sample = (wanted: SampleName): SmtpSample => {
    const found = workspace.samples.find(({ name }) => name === wanted);
    if (found === undefined) throw new RangeError(`there is no sample ${wanted}`);
    return found;
  };
  const [first, plain, halfDead, standby] = [
    sample('starttls'),
    sample('plaintext'),
    sample('half-dead'),
    sample('standby'),
  ];
  const hand = (name: string, address: string): void => {
    const recordSet = { name, type: 'A', ttlSeconds: 300, values: [address] };
    const written = workspace.route53.hosted.change(localZone.id, [{ action: 'UPSERT', recordSet }], 'by hand');
    if (!written.ok) throw new Error(written.error.messages.join(' '));
  };

  // First steps.
  keep('help', maria, await ask(maria, 'help mute', 'Mute alerts'));
  keep('whoami', oncall, await ask(oncall, 'whoami', 'On call'));
  keep('refused', maria, await ask(maria, `add 10.0.4.12 ${gitlab} --port 70000`, 'Nothing was changed'));
  keep(
    'explain',
    maria,
    await ask(maria, `explain No SMTP servers were available for ${gitlab}. No hosts to try.`, 'No hosts to try'),
  );
  await say(
    maria,
    `add ${gitlab} ${first.addresses[0]} --standby ${standby.addresses[0]} --port ${first.port} --name GitLab`,
  );
  keep('add', maria, await next(undefined, `*${gitlab}* added`));
  await recordWeek(workspace, gitlab);
  // The first chart comes after the words, since Slack shows a file only some time after its upload; the second is there with them.
  await ask(maria, `show ${gitlab}`, 'slack_file');
  await setTimeout(2_000);
  keep('show', maria, await ask(maria, `show ${gitlab}`, 'slack_file', 'In Route 53'));
  keep('check', maria, await ask(maria, `check ${gitlab}`, 'session-ticket'));
  await recordMonth(workspace, [gitlab, wiki, tickets, legacy]);
  const report = `report --month ${lastMonth(Date.now())}`;
  await ask(maria, report, 'slack_file');
  await setTimeout(2_000);
  keep('report', maria, await ask(maria, report, 'slack_file', 'Data of'));

  // Changing.
  await say(maria, `add ${wiki} ${plain.addresses[0]} --port ${plain.port} --name Wiki --owner <@${li.id}>`);
  await next(undefined, `*${wiki}* added`);
  const update = keep('update', maria, await ask(maria, `update ${wiki} ${first.addresses[0]}`, 'This will update'));
  await press(maria, update, 'Apply');
  const updated = await next(undefined, `*${wiki}* updated`);
  await say(maria, `undo ${changeIn(updated)}`);
  keep('undo', maria, await next(undefined, `*${wiki}*: change`, 'undone'));
  const remove = keep('remove', maria, await ask(maria, `remove ${wiki}`, 'This will remove'));
  await press(maria, remove, 'Cancel');
  hand(legacy, plain.addresses[0] ?? '');
  await say(maria, `adopt ${legacy} --port ${plain.port} --ssl-mode None --name Legacy`);
  keep('adopt', maria, await next(undefined, `*${legacy}* adopted`));
  hand(mail('crm'), plain.addresses[0] ?? '');
  // Not where GitLab is: its alert is to be about it alone.
  const endpoints = [
    'host;ip;name',
    `${mail('shop')};${standby.addresses[0]};Shop`,
    `${prod('pay')};${standby.addresses[0]};Payments`,
    `${mail('crm')};${first.addresses[0]};CRM`,
    `${mail('hr')};127.20.0.999;HR`,
  ].map((line, index) => `${line};${index === 0 ? 'port' : first.port}`);
  const list = keep(
    'import',
    maria,
    await fillIn(maria, 'import', { pasted: endpoints.join('\n') }, 'Import the pasted text'),
  );
  await press(maria, list, 'Apply 2 of 4');
  const asked = keep('bulk-approval', li, await next(undefined, 'asks to change 2 names'));
  // Somebody else was quicker with one of the names.
  hand(mail('shop'), plain.addresses[0] ?? '');
  await press(li, asked, 'Approve 2');
  keep('bulk', maria, await next(maria, '1 of 2 names changed', 'Retry what failed'));
  await say(maria, `add ${tickets} ${halfDead.addresses[0]} --port ${halfDead.port} --name Tickets`);
  await next(undefined, `*${tickets}* added`);
  hand(tickets, plain.addresses[0] ?? '');
  const drift = keep('drift', maria, await ask(maria, `drift ${tickets}`, 'changed by someone else'));
  await press(maria, drift, 'Restore');
  await press(maria, await next(maria, `This will update *${tickets}*`), 'Apply');
  await next(undefined, `*${tickets}* updated`);
  keep('history', maria, await ask(maria, `history ${wiki}`, 'before →'));

  // Many at once.
  hand(mail('smtp'), first.addresses[0] ?? '');
  hand(`files.${localZone.name}`, '10.0.9.20');
  keep('unregistered', maria, await ask(maria, 'list --unregistered', 'names are not registered'));
  const move = keep(
    'move',
    maria,
    await ask(maria, `move ${plain.addresses[0]} ${first.addresses[0]}`, 'update', 'Apply'),
  );
  await press(maria, move, 'Cancel');

  // On call: a mail server goes down, and while nobody has missed it yet, names that are protected are asked for.
  await first.close();
  const requested = async (label: string): Promise<StoredMessage> => {
    await say(maria, `add ${prod(label)} ${first.addresses[0]} --port ${first.port}`);
    return next(undefined, 'asks to add', prod(label));
  };
  const billing = keep('approve', li, await requested('billing'));
  const shop = await requested('shop');
  keep('pending', li, await ask(li, 'pending', '2 plans wait'));
  await say(li, `reject ${changeIn(shop)} --reason "the shop has a server of its own"`);
  keep('reject', maria, await next(undefined, 'Rejected by', prod('shop')));
  await say(maria, `cancel ${changeIn(billing)}`);
  keep('cancel', maria, await next(undefined, `*${prod('billing')}* was not added`));
  keep('alert', oncall, await next(undefined, gitlab, 'is down', 'Mute 2 h'));
  keep('acknowledge', oncall, await ask(oncall, `acknowledge ${gitlab}`, 'is on it'));
  keep('failover', oncall, await ask(oncall, `failover ${gitlab}`, 'to its standby'));
  keep('mute', maria, await ask(maria, `mute ${gitlab} 2h --reason "moving to the new rack"`, 'is muted'));
  keep('list', maria, await ask(maria, 'list', gitlab, wiki));
  keep('unmute', maria, await ask(maria, `unmute ${gitlab}`, 'no longer muted'));

  // What Postal has.
  await reportPostal(workspace, { hostname: gitlab, port: first.port }, wiki);
  await setTimeout(2_000);
  keep('audit', maria, await ask(maria, 'audit', 'Ticket system'));

  // Administration.
  keep('status', maria, await ask(maria, 'status', 'audit channel'));
  keep('doctor', maria, await ask(maria, 'doctor', 'negative'));
  return told;
};
