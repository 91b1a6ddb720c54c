/** The last version of Postal whose mode STARTTLS sends plaintext: its client compares with a misspelt constant. */
const lastWithBrokenStarttls = [3, 3, 6] as const;

/** Whether mode STARTTLS sends plaintext in this version of Postal. */
export const hasBrokenStarttls = (version: string): boolean => {
  const parts = version.split('.').map(Number);
  const differing = lastWithBrokenStarttls.findIndex((part, index) => part !== parts[index]);
  return differing === -1 || (parts[differing] ?? 0) < (lastWithBrokenStarttls[differing] ?? 0);
};
