/** Where the worker's process finds its services. */
export type Endpoints = {
  readonly dynamoDbUrl: string;
  readonly route53Url: string;
  readonly sqsUrl: string;
  readonly queueUrl: string;
};

/** What the worker's process is asked to do: propose names and record the bulk; work the queue's next message; or work until nothing is left. */
export type Order =
  | { readonly kind: 'propose'; readonly names: number; readonly prefix: string }
  | { readonly kind: 'work'; readonly messages: number | 'all' };

/** What it has done since the last order. Requests to Route 53 are counted as they leave the process. */
export type Report = {
  readonly bulkId: string;
  readonly digest: string;
  /** ChangeResourceRecordSets, ListResourceRecordSets and GetChange. */
  readonly writes: number;
  readonly reads: number;
  readonly polls: number;
  readonly ledgerWrites: number;
  readonly wallMs: number;
  /** Of the whole process so far. */
  readonly peakMB: number;
  readonly counts: { readonly applied: number; readonly conflict: number; readonly failed: number };
  /** Hostnames that the bulk names as not changed. */
  readonly named: readonly string[];
};
