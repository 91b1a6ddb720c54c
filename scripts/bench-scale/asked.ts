import { localZone } from '../../lib/local/workspace-seed.ts';
import { rowsPerPage } from '../../lib/messages/block-kit/paginate.ts';
import { stateOf } from './left-in-state.ts';
import type { Asked } from './measure.ts';
import { isAddressInPostal } from './postal.ts';

/** A chart that is uploaded keeps its worker until Slack shows it, a second later; the next time it is remembered. */
const shownNames = 20;
/** Every name fits it. */
const pattern = `*.mail.${localZone.name}`;

const literally = (name: string): string => name.replace(/[.*]/g, '\\$&');

/** A filtered list, and that it is about so many. */
const listed = (filter: string, total: number, words: string): Asked => ({
  text: `list ${filter}`,
  answers: new RegExp(
    total === 0
      ? `^No endpoint`
      : `^${total} endpoints? ${words}, 1${total === 1 ? '' : `–${Math.min(total, rowsPerPage)}`} of ${total}\\b`,
  ),
});

/** What is measured, by what is asked: of each, by the number of the sample, what is typed and what the answer has to say. */
export const askedOf = (hostnames: readonly string[]): Readonly<Record<string, (index: number) => Asked>> => {
  const { length } = hostnames;
  const count = (isCounted: (index: number) => boolean): number =>
    hostnames.filter((_, index) => isCounted(index)).length;
  return {
    list: () => ({ text: 'list', answers: new RegExp(`^${length} endpoints, 1–${Math.min(length, rowsPerPage)} of`) }),
    'list --state': () =>
      listed(
        '--state down',
        count((index) => stateOf(index) === 'down'),
        'that (is|are) down',
      ),
    'list PATTERN': () => listed(pattern, length, `of ${literally(pattern)}`),
    'list --in-postal': () => listed('--in-postal no', count(isAddressInPostal), 'that (is|are) missing in Postal'),
    status: () => ({ text: 'status', answers: /^✅ The bot works/ }),
    home: () => ({ text: 'home', answers: /service-\d/ }),
    history: () => ({ text: 'history', answers: /^History: 1–/ }),
    show: (index) => {
      const hostname = hostnames[((index % shownNames) * 97) % length] ?? '';
      return { text: `show ${hostname}`, answers: new RegExp(`${literally(hostname)} `) };
    },
    audit: () => ({ text: 'audit', answers: new RegExp(` in ${length} endpoints`) }),
    report: () => ({ text: 'report', answers: /^[A-Z][a-z]+ 20\d\d: .* % available/ }),
  };
};
