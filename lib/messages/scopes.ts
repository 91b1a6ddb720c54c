/** A bot scope and its reason; without an optional one only its feature fails. */
export type Scope = { readonly scope: string; readonly reason: string; readonly isOptional: boolean };

const need = (scope: string, reason: string): Scope => ({ scope, reason, isOptional: false });
const want = (scope: string, reason: string): Scope => ({ scope, reason, isOptional: true });

/** Every scope that the app asks Slack for, and why. https://docs.slack.dev/reference/scopes */
export const scopes: readonly Scope[] = [
  need('commands', 'the slash command and the shortcut that opens the form of `add`'),
  need('chat:write', 'answers, the audit channel, alerts and their threads'),
  need('channels:history', 'finds its own audit messages, so it posts none twice and can compare the ledger with them'),
  want('groups:history', 'the same, if the audit or on-call channel is private'),
  want('app_mentions:read', 'answers `@postal-endpoint check` in the thread of an alert'),
  want('usergroups:read', 'who is in the user groups that `policy.json` names'),
  want('files:write', 'charts in `show`, and `history --export`'),
  want('files:read', 'reads the file that a person gives `import`'),
  want('im:write', 'sends an exported file to one person'),
];
