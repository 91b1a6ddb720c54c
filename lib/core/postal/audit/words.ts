/** `1 message`, `2 messages`. */
export const countOf = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const minuteMs = 60_000;

/** How long ago, in the largest unit that fits: `less than 1 min`, `12 min`, `5 h`, `3 d`. */
export const agoText = (atMs: number, nowMs: number): string => {
  const minutes = Math.max(0, Math.floor((nowMs - atMs) / minuteMs));
  if (minutes === 0) return 'less than 1 min';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
};
