/** A bot scope and what it is wanted for; one that only a feature wants is missed by that feature alone. */
export type Scope = { readonly scope: string; readonly reason: string; readonly isOptional: boolean };

const need = (scope: string, reason: string): Scope => ({ scope, reason, isOptional: false });
const want = (scope: string, reason: string): Scope => ({ scope, reason, isOptional: true });

/** Every scope that the app asks Slack for, and why. https://docs.slack.dev/reference/scopes */
export const scopes: readonly Scope[] = [
  need('commands', 'the slash command and the shortcut that opens the form of `add`'),
  need('chat:write', 'answers, the audit channel, alerts and their threads'),
  need(
    'channels:history',
    'finds its own audit messages again, so that none is posted twice, and holds the ledger against them',
  ),
  want('groups:history', 'the same, where the audit or on-call channel is private'),
  want('usergroups:read', 'who is in the user groups that `policy.json` names'),
  want('files:write', 'charts in `show`, and `history --export`'),
  want('im:write', 'hands an exported file to one person alone'),
];
