import type { Asked } from './measure.ts';

/** A chart that is uploaded keeps its worker until Slack shows it, a second later; the next time it is remembered. */
const shownNames = 20;

/** What is measured of each verb, by the number of the sample. */
export const askedOf = (hostnames: readonly string[]): Readonly<Record<string, (index: number) => Asked>> => {
  const { length } = hostnames;
  return {
    list: () => ({ text: 'list', answers: new RegExp(`^${length} endpoints`) }),
    status: () => ({ text: 'status', answers: /^✅ The bot works/ }),
    home: () => ({ text: 'home', answers: /service-\d/ }),
    history: () => ({ text: 'history', answers: /^History: 1–/ }),
    show: (index) => {
      const hostname = hostnames[((index % shownNames) * 97) % length] ?? '';
      return { text: `show ${hostname}`, answers: new RegExp(`${hostname.replaceAll('.', '\\.')} `) };
    },
    audit: () => ({ text: 'audit', answers: new RegExp(` in ${length} endpoints`) }),
    report: () => ({ text: 'report', answers: /^[A-Z][a-z]+ 20\d\d: .* % available/ }),
  };
};
