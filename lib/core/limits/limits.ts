/**
 * Every size limit of what leaves the program, in one place: what the services refuse, and below it what the program itself sends at most. Octets are
 * counted as sent (UTF-8, escapes of JSON included), characters as UTF-16 code units, which is how Slack counts them.
 */

/** Slack's limits on messages, views and requests. What renders stays below them; the local Slack refuses above them. Source: Slack, Block Kit reference. */
export const slackLimits = {
  blocksPerMessage: 50,
  blocksPerView: 100,
  headerText: 150,
  sectionText: 3000,
  sectionFields: 10,
  sectionFieldText: 2000,
  contextElements: 10,
  contextText: 2000,
  actionsElements: 25,
  buttonText: 75,
  buttonValue: 2000,
  actionId: 255,
  blockId: 255,
  tableRows: 100,
  tableColumns: 20,
  /** Of the cells of all tables of a message together. */
  tableCharacters: 10_000,
  /** Of all `text` in a message's blocks. Not documented: chat.postMessage took 9,597 and refused 11,341 (bolt-js issue 2867). The local Slack refuses above what is known to pass. */
  messageCharacters: 9_597,
  textCharacters: 40_000,
  /** Of a message's metadata as JSON. Not documented: a cautious bound. */
  metadataOctets: 8_000,
  privateMetadata: 3000,
  viewOctets: 250_000,
  viewTitle: 24,
  optionText: 75,
  placeholder: 150,
  responseUrlUses: 5,
  responseUrlMinutes: 30,
  triggerSeconds: 3,
  ackMilliseconds: 3000,
  signatureToleranceSeconds: 300,
} as const;

/** What this program puts into one message or view at most, below what Slack is known to take. */
export const messageBudget = {
  characters: 9_000,
  blocks: 45,
  /** Of the plain text beside the blocks, which notifications show. */
  textCharacters: 9_000,
  tableCharacters: 8_000,
  /** Of an announcement's hashes and names. */
  metadataOctets: 7_500,
  /** Of the form that always fits: text alone. */
  shortCharacters: 3_000,
} as const;

/** The same for a view, of which Slack names no other limit than its 100 blocks and 250 KB. */
export const viewBudget = { ...messageBudget, characters: 60_000, blocks: 95 } as const;

/** An item with its attribute names: 400 KB. Source: DynamoDB Developer Guide, "Constraints". */
export const dynamoDbItemOctets = 409_600;

/** Of a synchronous invocation, request and response alike: 6 MB. Source: Lambda Developer Guide, "Lambda quotas". */
export const lambdaPayloadOctets = 6_291_456;

/** What the function that reads Postal's database returns with one call. */
export const databaseAnswerLimits = {
  /** Ids of deliveries of one mail server, and so rows at most. */
  idsPerServer: 1_000,
  /** Octets of JSON: less than Lambda takes. The inventory comes first, and deliveries that do not fit are left for the next call. */
  octets: 5_500_000,
} as const;

/** Of one change batch. Source: Route 53 API reference, ChangeResourceRecordSets. */
export const route53BatchLimits = { values: 1_000, characters: 32_000 } as const;

/** What one bulk may change, and how its list is cut. */
export const bulkLimits = {
  names: 10_000,
  /** Of the plans or outcomes in one entry, octets of JSON: less than an entry may have. */
  chunkOctets: 150_000,
} as const;

/**
 * What bulks may ask of Route 53 in a second, of an account that has 10 requests (5 until July 2026) and a limit on record changes: the rest is for single
 * changes and for what else uses the account. Source: Route 53 Developer Guide, "Throttling for Amazon Route 53 API requests".
 */
export const bulkRate = { requests: 2, recordChanges: 200 } as const;

/** What this program stores and sends at most, octets of JSON. */
export const budgets = {
  /** An item of the state table, its key included: half of what DynamoDB takes. */
  stateItem: 200_000,
  /** An entry of the ledger. */
  ledgerEntry: 200_000,
  /** Of a command's text, and of each reason and warning, in an entry. */
  entryText: 4_000,
  /** Of a refused command's text: refusals cost nothing to make. */
  refusedText: 1_000,
  /** A message of the queue, so that the same message also fits when it comes back as a dead letter. */
  queueMessage: 200_000,
  /** One probe, wherever it goes: a hundred of them, which is one answer of the prober, take 5 MB. */
  probe: 50_000,
} as const;

/** How long what is measured is kept. */
export const retention = {
  sampleDays: 8,
  /** Summaries of days: 13 months. */
  summaryDays: 397,
} as const;

/** What is kept of predictions, and of the deliveries that they were compared with. */
export const comparisonLimits = {
  /** Of one endpoint; an older one is forgotten. */
  spansPerEndpoint: 24,
  /** Deliveries that one round of watch compares; the next ones are compared by the next round. */
  perRound: 10_000,
  /** Counts and differences of so many days. */
  days: 7,
  /** Kinds of differences of one mail server. */
  differences: 20,
  /** Of Postal's words about one. */
  saidOctets: 400,
  /** Of an endpoint's differences that a message shows. */
  shown: 3,
} as const;

/** What one answer reads of the ledger's days at most: it stops once it has reached one of them, and says so. */
export const readingLimits = {
  /** Some kilobytes each. */
  entries: 20_000,
  milliseconds: 20_000,
} as const;

/** What an import reads at most. */
export const importLimits = {
  /** Of a file: 10 MB. */
  octets: 10_485_760,
  lines: 200_000,
  /** Of a text pasted into Slack's form, which takes no more. */
  pastedCharacters: 3_000,
} as const;
