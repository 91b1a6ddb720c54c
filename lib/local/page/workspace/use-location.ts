import { useEffect, useState } from 'react';

/** What the page shows: `#channel`, `#channel/ts`, `#/home`, `#/messages` or `#/messages/ts`. The app's own places are `@home` and `@messages`. */
export type Place = { readonly name: string; readonly ts: string | undefined };

/** Percent-encoding as far as it is valid: anybody can write anything into an address. */
const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const placeOf = (hash: string): Place => {
  const [name = '', ts] = decoded(hash.replace(/^#/, ''))
    .replace(/^\/(home|messages)(?=\/|$)/, '@$1')
    .split('/');
  return { name, ts };
};

/** The place in the address bar. */
export const usePlace = (): Place => {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const changed = (): void => setPlace(placeOf(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return place;
};
