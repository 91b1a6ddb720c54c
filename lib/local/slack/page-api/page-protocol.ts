import type { PostalPanelState, PostalRequests } from '../../postal/panel-protocol.ts';
import type { RawValue, RawValues } from '../input-state.ts';
import type { Bot, Channel, StoredMessage, Team, User, UserGroup, View } from '../store/workspace.ts';
import type { MachineRequests, MachineState } from './machine-protocol.ts';

/** What a button is in: a message, or a view. */
export type ActionSource = { readonly channel: string; readonly ts: string } | { readonly viewId: string };

/** What the page is told of something that a person did. `errors` are by block id, to be shown in the form. */
export type Outcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly error?: string; readonly errors?: Readonly<Record<string, string>> };

/** Messages of a channel that the page gets at a time. */
export const messagesAPage = 100;

export type ChannelPage = {
  readonly messages: readonly StoredMessage[];
  /** Whether there are messages before these. */
  readonly hasEarlier: boolean;
};

/** A line to try out, and what one will see. */
export type FirstStep = { readonly line: string; readonly detail: string };

/** What the page shows to one user. */
export type PageState = {
  readonly team: Team;
  readonly bot: Bot;
  readonly command: string;
  readonly me: User;
  readonly users: readonly User[];
  readonly userGroups: readonly UserGroup[];
  readonly channels: readonly Channel[];
  /** This user's direct messages with the bot. */
  readonly direct: Channel;
  readonly firstSteps: readonly FirstStep[];
  /** Of every channel, and of the direct messages. */
  readonly pages: Readonly<Record<string, ChannelPage>>;
  readonly views: readonly View[];
  readonly home: View | null;
  /** Null where the page shows Slack alone. */
  readonly machine: MachineState | null;
  /** Null where there is no Postal beside the bot. */
  readonly postal: PostalPanelState | null;
};

/** What the event stream carries, one JSON object an event. */
export type PageEvent =
  | { readonly kind: 'message'; readonly message: StoredMessage }
  | { readonly kind: 'deleted'; readonly channel: string; readonly ts: string }
  | { readonly kind: 'views'; readonly views: readonly View[] }
  | { readonly kind: 'home'; readonly home: View | null }
  | { readonly kind: 'machine'; readonly machine: MachineState }
  | { readonly kind: 'postal'; readonly postal: PostalPanelState };

/** What the page asks for, by path under `/page/`. */
export type PageRequests = MachineRequests &
  PostalRequests & {
    readonly say: {
      readonly user: string;
      readonly channel: string;
      readonly text: string;
      readonly threadTs?: string;
    };
    readonly action: {
      readonly user: string;
      readonly source: ActionSource;
      readonly blockId: string;
      readonly actionId: string;
      readonly value: RawValue;
      readonly values: RawValues;
    };
    readonly submit: { readonly user: string; readonly viewId: string; readonly values: RawValues };
    readonly close: { readonly user: string; readonly viewId: string };
    readonly home: { readonly user: string };
  };
