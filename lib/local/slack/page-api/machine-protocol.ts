import type { Outcome } from './page-protocol.ts';

/** A sample mail server, as the page shows it. */
export type MachineServer = {
  readonly name: string;
  /** What will be met there. */
  readonly description: string;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly isUp: boolean;
};

/** A record set of the zone; `ttlSeconds` is null for an alias. */
export type MachineRecord = {
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number | null;
  readonly values: readonly string[];
};

/** What stands on this machine beside Slack. */
export type MachineState = {
  readonly servers: readonly MachineServer[];
  /** Name of the zone. */
  readonly zone: string;
  /** All of the zone but its SOA and NS, in the order of their names. */
  readonly records: readonly MachineRecord[];
  /** Where a mail server that is stopped is missed, and within how many minutes. */
  readonly alerts: { readonly channel: string; readonly withinMinutes: number };
};

/** What the page asks of this machine, by path under `/page/`. */
export type MachineRequests = {
  readonly server: { readonly user: string; readonly name: string; readonly isUp: boolean };
  readonly 'write-record': {
    readonly user: string;
    readonly name: string;
    readonly type: string;
    readonly values: readonly string[];
    readonly ttlSeconds: number;
  };
  readonly 'delete-record': { readonly user: string; readonly name: string; readonly type: string };
};

/** The mail servers of this machine, and a hand in the zone that asks no bot. */
export interface Machine {
  state(): MachineState;
  setServer(request: Omit<MachineRequests['server'], 'user'>): Promise<Outcome>;
  /** Writes a record set over whatever is there. */
  writeRecord(request: Omit<MachineRequests['write-record'], 'user'>): Outcome;
  deleteRecord(request: Omit<MachineRequests['delete-record'], 'user'>): Outcome;
  /** Calls back after every change, until the function that it gives is called. */
  subscribe(listener: () => void): () => void;
}
