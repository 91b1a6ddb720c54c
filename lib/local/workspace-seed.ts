import { localAws } from './local-aws.ts';
import type { MailServer } from './postal/data.ts';
import type { ZoneSeed } from './route53/zone.ts';
import type { Workspace } from './slack/store/workspace.ts';

const vpc = { id: 'vpc-0a1b2c3d4e5f60718', region: localAws.region };

/** The private zone of the local workspace. */
const zoneName = 'corp.internal';
/** A "no such name" is forgotten after a minute, as it should be wherever names come and go; Route 53's own SOA says a quarter of an hour. */
const soa = 'ns-1536.awsdns-00.co.uk. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 60';

export const localZone: ZoneSeed = {
  id: 'Z0LOCALCORPINTERNAL',
  name: zoneName,
  isPrivate: true,
  vpcs: [vpc],
  recordSets: [{ name: zoneName, type: 'SOA', ttlSeconds: 60, values: [soa] }],
};

/** Who and what the local Slack starts with; named for their parts, not for anyone. */
export const localPeople = {
  team: { id: 'T0LOCAL', domain: 'local', name: 'Local workspace' },
  bot: { appId: 'A0POSTAL', botId: 'B0POSTAL', userId: 'U0POSTALBOT', name: 'postal-endpoint' },
  users: [
    { id: 'U0MARIA', name: 'maria', realName: 'Maria', title: 'Postal admin: may do everything' },
    {
      id: 'U0LI',
      name: 'li',
      realName: 'Li',
      title: 'Platform engineer: may do everything with names in git, mail and prod',
    },
    {
      id: 'U0ONCALL',
      name: 'oncall',
      realName: 'On call',
      title: 'May read, check, fail over and mute, and update names in prod',
    },
    { id: 'U0GUEST', name: 'guest', realName: 'Guest', title: 'May do nothing: no grant lists this person' },
  ],
  channels: [
    {
      id: 'C0POSTAL',
      name: 'postal-endpoint',
      topic: 'Names for Postal. Every change is announced here',
      botIsMember: true,
    },
    { id: 'C0ONCALL', name: 'mail-oncall', topic: 'Mail, day and night', botIsMember: true },
    {
      id: 'C0RANDOM',
      name: 'random',
      topic: 'The bot is not a member here, and accepts commands only from Postal admins',
      botIsMember: false,
    },
  ],
  userGroups: [{ id: 'S0MAIL', handle: 'mail-team', users: ['U0MARIA', 'U0LI'] }],
  command: '/postal-endpoint',
} as const satisfies Workspace;

const auditChannel = localPeople.channels[0].id;
const oncallChannel = localPeople.channels[1].id;
const commandChannels = [auditChannel, oncallChannel];
const [maria, li, oncall] = localPeople.users;
const [mailTeam] = localPeople.userGroups;
const productionNames = `*.prod.${localZone.name}`;

/** Where the alert for a stopped mail server is posted, and after how many minutes at most: a run of watch that waits for the silent server takes almost one. */
export const localAlerts = { channel: localPeople.channels[1].name, withinMinutes: 3 };

/** policy.json of the local workspace. `ports` are allowed besides the usual ones: those of the sample servers. */
export const localPolicy = (
  ports: readonly number[],
  watchRules: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> => ({
  zones: [{ name: localZone.name, id: localZone.id, vpcs: [vpc] }],
  // Loopback alone: a workspace that is tried out reaches for nobody else's machines.
  cidrs: ['127.20.0.0/16', '::1/128'],
  ports: [...new Set([25, 465, 587, 2525, ...ports])],
  auditChannel,
  grants: [
    // Without channels: from App Home and direct messages, too.
    {
      name: 'Postal admins',
      teams: [localPeople.team.id],
      users: [maria.id],
      verbs: ['*', 'check:rcpt', 'check:deliver', 'undo:others'],
    },
    {
      name: 'Platform engineers',
      teams: [localPeople.team.id],
      channels: commandChannels,
      users: [li.id],
      verbs: ['*'],
      hostnames: [`*.git.${localZone.name}`, `*.mail.${localZone.name}`, productionNames],
    },
    {
      name: 'On call',
      teams: [localPeople.team.id],
      channels: commandChannels,
      users: [li.id, oncall.id],
      verbs: [
        'show',
        'list',
        'check',
        'history',
        'drift',
        'explain',
        'pending',
        'cancel',
        'status',
        'failover',
        'mute',
        'unmute',
      ],
    },
    {
      name: 'On call: production',
      teams: [localPeople.team.id],
      channels: commandChannels,
      users: [oncall.id],
      verbs: ['update', 'check:rcpt'],
      hostnames: [productionNames],
    },
  ],
  // Either of the two asks, the other approves; at night, on call need not wait for them.
  protected: [
    {
      name: 'production names',
      hostnames: [productionNames],
      approvers: { userGroups: [mailTeam.id] },
      channel: oncallChannel,
    },
  ],
  confirm: { verbs: ['update', 'remove'] },
  breakGlass: { users: [oncall.id], verbs: ['update', 'failover'] },
  planMinutes: 15,
  // A name is looked at every minute, and two looks of three that agree make an alert.
  watch: {
    channel: oncallChannel,
    userGroup: mailTeam.id,
    intervalSeconds: 60,
    // Most sample servers are broken on purpose: names for all of them, added at once, are no mass outage.
    many: { atLeast: 10 },
    ...watchRules,
  },
});

/** The mail servers of the local Postal: one that delivers, and one that holds every message. */
export const localMailServers = [
  { id: 1, name: 'acme/production', mode: 'Live', domain: 'acme.example', token: 'acmepr' },
  { id: 2, name: 'acme/staging', mode: 'Development', domain: 'staging.acme.example', token: 'acmest' },
] as const satisfies readonly MailServer[];

/** The profile of the local Postal, resolving through the local DNS server. */
export const localPostalProfile = (nameserver: string, signingKey: string): Record<string, unknown> => ({
  version: '3.3.7',
  heloHostname: 'postal.example.com',
  returnPathDomain: 'rp.postal.example.com',
  nameservers: [nameserver],
  signingKey,
  webUrl: 'https://postal.example.com',
});
