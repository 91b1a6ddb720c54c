/** Ids that stand in the files and documents of this project as examples. */
const examples: ReadonlySet<string> = new Set([
  'T0EXAMPLE',
  ...['C0AUDITLOG', 'C0MAILOPS', 'C0ONCALL'],
  ...['U0MARIA', 'U0JONAS', 'U0GITLAB'],
  ...['S0MAILTEAM', 'S0ONCALL', 'S0GITLAB'],
]);

/** What people write where they do not know an id yet: digits or letters in a row, one character many times, the word itself. */
const placeholder = /EXAMPLE|PLACEHOLDER|CHANGE_?ME|012345|123456|ABCDEF|(.)\1{5,}/i;

/** Whether an id is an example's, or looks as if somebody meant to replace it. */
export const isExampleId = (id: string): boolean => examples.has(id) || placeholder.test(id);
