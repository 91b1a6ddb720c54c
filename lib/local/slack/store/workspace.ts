import type { MessageMetadata } from '@slack/types';
import type { Json } from '../../../app/ports/state-store.ts';

/** JSON as Block Kit has it; the local Slack checks its form once, when it arrives. */
export type BlockJson = { readonly type: string; readonly block_id?: string; readonly [key: string]: Json | undefined };

export type Team = {
  readonly id: string;
  readonly domain: string;
  readonly name: string;
  /** The Enterprise organisation that the workspace belongs to. */
  readonly enterprise?: { readonly id: string; readonly name: string };
};
export type User = {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly title?: string;
  /** Of somebody who is here through a channel shared with another company (Slack Connect), or whom Slack names by their organisation: an id of another workspace, or `E…`. */
  readonly teamId?: string;
};
export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly topic?: string;
  /** Whether the bot is a member: without it Slack answers `not_in_channel`. */
  readonly botIsMember: boolean;
  readonly isArchived?: boolean;
};
export type UserGroup = { readonly id: string; readonly handle: string; readonly users: readonly string[] };
export type Bot = { readonly appId: string; readonly botId: string; readonly userId: string; readonly name: string };

/** Who and what a local workspace is made of. */
export type Workspace = {
  readonly team: Team;
  readonly bot: Bot;
  readonly users: readonly User[];
  readonly channels: readonly Channel[];
  readonly userGroups: readonly UserGroup[];
  /** The slash command, with its slash. */
  readonly command: string;
};

/** A file that was shared, or is there for a message's image block. */
export type StoredFile = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimeType: string;
  /** In bytes. */
  readonly size: number;
  /** Of a picture. */
  readonly altText?: string;
  /** Who put it into a form; absent: the bot. */
  readonly uploadedBy?: string;
};

/** One message. `author` is a user id, or the bot's id, or `slackbot`. */
export type StoredMessage = {
  readonly channel: string;
  readonly ts: string;
  readonly author: string;
  readonly text: string;
  readonly blocks: readonly BlockJson[];
  readonly metadata?: MessageMetadata;
  readonly files?: readonly StoredFile[];
  /** Ephemeral: only this user sees it. */
  readonly visibleTo?: string;
  readonly editedTs?: string;
  /** Of the post whose thread it is in. */
  readonly threadTs?: string;
  /** It is in a thread, and is shown in the channel as well. */
  readonly isBroadcast?: true;
};

export type PlainText = { readonly type: 'plain_text'; readonly text: string; readonly emoji?: boolean };

/** A form or an App Home, as Slack keeps it. */
export type View = {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly hash: string;
  readonly blocks: readonly BlockJson[];
  readonly callback_id: string;
  readonly private_metadata: string;
  readonly title?: PlainText;
  readonly submit?: PlainText;
  readonly close?: PlainText;
  readonly clear_on_close: boolean;
  readonly notify_on_close: boolean;
};

export const slackbot = 'USLACKBOT';
