const units = ['bytes', 'KB', 'MB', 'GB'] as const;

/** `1 byte`, `318 bytes`, `2.1 KB`, `48 MB`: in thousands, as Slack counts. */
export const sizeText = (bytes: number): string => {
  if (bytes === 1) return '1 byte';
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const amount = bytes / 1000 ** power;
  return `${power > 0 && amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[power]}`;
};
