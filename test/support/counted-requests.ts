import type { Ports } from '../../lib/app/ports/ports.ts';

/** Ports that note what is read of the ledger and the state table, a text for each request, such as `list directory` or `byDay 2026-11-30`. */
export const countedRequests = <Given extends Pick<Ports, 'ledger' | 'state'>>(
  given: Given,
): { readonly ports: Given; readonly requests: string[] } => {
  const requests: string[] = [];
  const { ledger, state } = given;
  return {
    requests,
    ports: {
      ...given,
      ledger: {
        ...ledger,
        read: (stream, signal) => {
          requests.push(`read ${stream}`);
          return ledger.read(stream, signal);
        },
        byDay: (day, from, signal, order) => {
          requests.push(`byDay ${day}${from === undefined ? '' : ', a further page'}`);
          return ledger.byDay(day, from, signal, order);
        },
      },
      state: {
        ...state,
        get: (collection, key, signal) => {
          requests.push(`get ${collection}/${key}`);
          return state.get(collection, key, signal);
        },
        list: (collection, signal) => {
          requests.push(`list ${collection}`);
          return state.list(collection, signal);
        },
      },
    },
  };
};
