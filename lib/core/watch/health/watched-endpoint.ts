/** What watch has to know of a registered endpoint besides its health. */
export type WatchedEndpoint = {
  /** As registered: a Slack id, or free text. */
  readonly owner?: string;
  /** As registered: addresses, or one CNAME target. */
  readonly targets?: readonly string[];
  /** The zone of the policy that holds its name. */
  readonly zone?: string;
  /** Since when it is registered as it is; milliseconds since the epoch. */
  readonly definedAtMs?: number;
};
