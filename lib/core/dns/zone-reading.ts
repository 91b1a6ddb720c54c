/** A private hosted zone as Route 53 has it. */
export type ZoneFacts = {
  /** Without `/hostedzone/`. */
  readonly id: string;
  /** Lower case, without trailing dot. */
  readonly name: string;
  readonly isPrivate: boolean;
  readonly vpcs: readonly { readonly id: string; readonly region: string }[];
};

/** Why Route 53 did not answer as asked. */
export type ZoneFailure =
  /** The zone id does not exist. */
  | { readonly kind: 'no-such-zone'; readonly message: string }
  /** IAM, or a protection, said no: sending again changes nothing. */
  | { readonly kind: 'denied'; readonly message: string }
  /** Throttling or PriorRequestNotComplete: Route 53 did not take it, send again later. */
  | { readonly kind: 'busy'; readonly code: string; readonly message: string }
  /** No answer, or 5xx. Of a write: it may have landed. */
  | { readonly kind: 'unreachable'; readonly message: string };

export type ZoneResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly failure: ZoneFailure };

/** Whether reading again later may succeed. */
export const isPassing = ({ kind }: ZoneFailure): boolean => kind === 'busy' || kind === 'unreachable';
