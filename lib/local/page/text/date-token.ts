const day = (date: Date): number =>
  Math.floor(new Date(date.getFullYear(), date.getMonth(), date.getDate(), 12).getTime() / 86_400_000);

const prettyDay = (date: Date, now: Date): string | undefined => {
  const difference = day(date) - day(now);
  return difference === 0 ? 'today' : difference === -1 ? 'yesterday' : difference === 1 ? 'tomorrow' : undefined;
};

const formats: Readonly<Record<string, Intl.DateTimeFormatOptions>> = {
  date: { year: 'numeric', month: 'long', day: 'numeric' },
  date_short: { year: 'numeric', month: 'short', day: 'numeric' },
  date_long: { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' },
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  time_secs: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
};

/** Slack's date tokens in the reader's zone; `timestamp` in seconds. A token that Slack does not have stays as it is. */
export const formatDateToken = (timestamp: number, format: string, now: Date): string => {
  const date = new Date(timestamp * 1000);
  return format.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === 'date_num')
      return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
    if (name === 'ago') return relative(date, now);
    const isPretty = name.endsWith('_pretty');
    const options = formats[isPretty ? name.slice(0, -'_pretty'.length) : name];
    if (options === undefined) return whole;
    return (isPretty ? prettyDay(date, now) : undefined) ?? new Intl.DateTimeFormat('en', options).format(date);
  });
};

const relative = (date: Date, now: Date): string => {
  const seconds = Math.round((date.getTime() - now.getTime()) / 1000);
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const [unit, size] =
    Math.abs(seconds) < 60
      ? (['second', 1] as const)
      : Math.abs(seconds) < 3600
        ? (['minute', 60] as const)
        : Math.abs(seconds) < 86_400
          ? (['hour', 3600] as const)
          : (['day', 86_400] as const);
  return format.format(Math.round(seconds / size), unit);
};

/** `14:02`, in the reader's zone; `ts` as Slack writes it. */
export const timeOf = (ts: string): string => formatDateToken(Math.floor(Number(ts)), '{time}', new Date());

/** `Today`, `Yesterday` or `Sunday, 22 November`, in the reader's zone. */
export const dayOf = (ts: string, now: Date): string => {
  const date = new Date(Number(ts) * 1000);
  const pretty = prettyDay(date, now);
  if (pretty !== undefined) return `${pretty.charAt(0).toUpperCase()}${pretty.slice(1)}`;
  return new Intl.DateTimeFormat('en', {
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  }).format(date);
};
