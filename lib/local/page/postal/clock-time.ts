const format = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** `14:02:07`, in the reader's zone. */
export const clockTime = (ms: number): string => format.format(ms);
