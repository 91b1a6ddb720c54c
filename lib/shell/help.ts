/** A command of the shell: how it is written, what it does in a line, and what its options mean. */
type CommandHelp = { readonly usage: readonly string[]; readonly summary: string; readonly detail: string };

const postalOptions = `  How Postal is set up. Without these, the settings of this machine and Postal's defaults:
    --profile FILE        postal-profile.json of a deployment
    --resolver IP[:port]  a nameserver; may be repeated
    --resolv-conf FILE    nameservers from this file
    --os-hostname NAME    the name of Postal's machine
    --helo NAME           the name that Postal says in EHLO
    --open-timeout S, --read-timeout S, --dns-timeout S`;

const awsNote = '  AWS credentials and region are read from the environment.';

export const commandHelp = {
  check: {
    usage: ['check <hostname> [--port 25] [--ssl-mode Auto] [--rcpt user@example.com [--deliver]] [--json]'],
    summary: 'opens an SMTP session to every address as Postal would, and says what Postal will do',
    detail: `  --port 25, --ssl-mode Auto|None|STARTTLS|TLS   as entered in Postal
  --rcpt ADDRESS      offers this recipient to the server that Postal would use
  --deliver           sends one marked test message to that recipient
  --mail-from ADDRESS the sender in MAIL FROM
  --policy FILE       limits the probe to the ranges and ports of a policy
  --json              prints the whole report as JSON
  --format prometheus prints metrics for the text-file collector
  --postal-version V  the release of Postal, such as 3.3.7
${postalOptions}
    --ca-file PEM         the certificates that Postal trusts`,
  },
  audit: {
    usage: [
      'audit --postal-config FILE [--registry FILE] [--server NAME] [--no-probe] [--json]',
      'audit --database mysql://USER@HOST:PORT/postal [--message-prefix postal] […]',
      'audit --grants',
      'audit --postal-config FILE --send URL [--sender NAME]',
    ],
    summary: "reads Postal's database: which endpoints are entered, what waits in the queue, what fails",
    detail: `  --postal-config FILE   Postal's own configuration, such as /opt/postal/config/postal.yml, with its environment and .env
  --database URL         the database without that file; a password in the URL is refused
  POSTAL_DATABASE_PASSWORD in the environment: the password of the database account
  --user NAME            the database account, without it postal_endpoint; --use-postal-account takes Postal's own
  --ca-file PEM          the authority of the database's certificate; without it a certificate on loopback is not checked
  --insecure-plaintext   allows an unencrypted connection to another machine
  --message-prefix NAME  the prefix of the message databases, where it is not the one in the file, or postal
  --registry FILE        compares with the registered hostnames: a file that export --registry wrote, or list --json sent;
                         without it the ownership markers in DNS are looked up
  --server NAME          only this mail server of Postal: organization/server, or its id
  --no-probe             opens no SMTP session
  --grants               prints the statements that create a read-only account, with --use-postal-account as they fit the server
  --send URL             sends what was read to the bot and prints no findings; exit status 0 when it was accepted
  --sender NAME          the name under which the bot has the key, without it the name of this machine
  POSTAL_ENDPOINT_REPORT_KEY in the environment: that key
  --postal-version 2|3   the release that reads a file without version
  --json                 prints everything as JSON
  --format prometheus    prints metrics for the text-file collector, with exit status 0
${postalOptions}`,
  },
  explain: {
    usage: ['explain [--json] [text…]', 'explain --summary [--json]'],
    summary: "says what a line of Postal's log or delivery details means, and what to do",
    detail: `  Without a text it reads standard input: postal logs worker | postal-endpoint explain
  --json     prints the result as JSON
  --summary  reads a whole log of Postal's worker and counts it by endpoint and reply, worst first: at its end, on Ctrl-C,
             and every 30 s on a terminal
  A text that begins with two dashes is written after --.`,
  },
  import: {
    usage: [
      'import FILE [--zone corp.internal] [--out normal.csv] [--json]',
      'import --from-audit FILE [--policy policy.json | --zone corp.internal] [--out normal.csv] [--json]',
    ],
    summary: 'checks a file of endpoints, names every mistake with its line, and writes the rest in one form',
    detail: `  FILE               CSV, a zone file, or JSON lines such as an exported registry; the content decides
  --zone ZONE        where names without a dot lie, and a zone file's relative names before its first $ORIGIN
  --out FILE         the endpoints without mistakes, as CSV
  --from-audit FILE  what audit --json printed: proposes a name for each hostname that is an address, lists the names to
                     adopt, and what to change in Postal afterwards
  --policy FILE      the zones and the naming convention, with --from-audit
  --json             prints endpoints, mistakes, and what was left out as JSON
  It needs no policy and no account. Exit status 1: there are mistakes; 3: the file cannot be read, and nothing is written.`,
  },
  validate: {
    usage: ['validate [--policy policy.json [--registry FILE]] [--profile postal-profile.json]'],
    summary: 'checks the files of a deployment: every mistake, and what is dangerous',
    detail: `  --policy FILE    checks policy.json
  --profile FILE   checks postal-profile.json
  --registry FILE  also warns of registered hostnames that the policy leaves out: a file that export --registry wrote`,
  },
  verify: {
    usage: [
      'verify [hostname] --ledger-table NAME --channel C… --slack-token-file FILE [--since 366d] [--json]',
      'verify --file history.jsonl [--json]',
    ],
    summary: "recomputes the ledger's hash chains and compares them with the audit channel, or checks an exported file",
    detail: `  --ledger-table NAME      the table that the deployment calls the ledger
  --channel C…             the id of the audit channel
  --slack-token-file FILE  a file that contains a bot token and nothing else
  --slack-api-url URL      another address of Slack's Web API
  --since 366d             how far back: 12h, 7d, 52w, or a day such as 2026-01-31
  --file FILE              checks exported entries, without AWS or Slack
  --json                   prints the result as JSON
${awsNote}`,
  },
  export: {
    usage: [
      'export [hostname] --ledger-table NAME [--ledger] [--since 7d] [--by U…] [--target IP]',
      'export [hostname|pattern] --ledger-table NAME --format csv|jsonl|zone [--target IP] [--owner U…] [--at 2026-11-20]',
    ],
    summary: "prints the ledger's entries as JSON lines, or what is registered as CSV, JSON lines or a zone file",
    detail: `  --ledger-table NAME  the table that the deployment calls the ledger
  --since 7d           only changes since then: 12h, 7d, 52w, or a day such as 2026-01-31
  --by U…              only changes by this Slack user
  --target IP          only changes to or from this target; with --format, only hostnames with this target or standby
  --ledger             prints the ledger's entries, which is the default
  --format FORMAT      prints what is registered, as csv, jsonl or zone; import reads each of them
  --owner U…           with --format, only hostnames of this owner: a Slack id, or the text as it is registered
  --at 2026-11-20      with --format, as it was when that day began, or at 2026-11-20T14:30, in UTC
  --registry           the same as --format jsonl
${awsNote}`,
  },
  rebuild: {
    usage: [
      'rebuild --ledger-table NAME --state-table NAME [--since 366d] [--write]',
      'rebuild --from-dns --policy policy.json --state-table NAME [--write]',
    ],
    summary: 'compares the state table with the ledger, or with Route 53 when the ledger is lost; --write corrects it',
    detail: `  --ledger-table NAME, --state-table NAME   the two tables of the deployment
  --since 366d   how far back names are looked up that were never announced
  --from-dns     restores the registry from Route 53 alone: without names, owners, notes and history
  --policy FILE  the policy whose zones are read, with --from-dns
  --write        corrects the differences; without it they are only shown
${awsNote}`,
  },
} as const satisfies Readonly<Record<string, CommandHelp>>;

export type CommandName = keyof typeof commandHelp;

export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commandHelp, name);

const exitStatus = 'Exit status: 0 good, 1 warning, 2 critical, 3 unknown or wrong usage.';

/** Every command in a line. */
export const helpText = (): string => {
  const lines = Object.entries(commandHelp).map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`);
  return `postal-endpoint: checks the mail endpoints behind Postal

${lines.join('\n')}

  help <command>  shows a command's options        --version  shows the version

${exitStatus}`;
};

/** One command with its options. */
export const commandHelpText = (name: CommandName): string => {
  const { usage, summary, detail } = commandHelp[name];
  return `${usage.map((line) => `postal-endpoint ${line}`).join('\n')}

  ${summary}

${detail}

${exitStatus}`;
};
