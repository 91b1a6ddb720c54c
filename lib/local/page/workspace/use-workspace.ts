import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { ChannelPage, PageEvent, PageState } from '../../slack/page-protocol.ts';
import { read } from './api.ts';
import { reduceWorkspace } from './workspace-state.ts';

const retryMs = 1000;

/** The workspace as one user sees it, kept up to date by the event stream. */
export const useWorkspace = (userId: string | undefined, openPlace: string) => {
  const [state, dispatch] = useReducer(reduceWorkspace, undefined);
  const [connected, setConnected] = useState(true);
  const place = useRef(openPlace);
  place.current = openPlace;

  useEffect(() => {
    const query = userId === undefined ? '' : `?user=${encodeURIComponent(userId)}`;
    const events = new EventSource(`/page/events${query}`);
    // What happens while the state is on its way may not be in it, so it waits and is applied on top.
    let waiting: PageEvent[] | undefined = [];
    let retry: ReturnType<typeof setTimeout> | undefined;
    const apply = (event: PageEvent): void => dispatch({ kind: 'event', event, openPlace: place.current });
    let loads = 0;
    const load = async (): Promise<void> => {
      loads += 1;
      const mine = loads;
      try {
        const loaded = await read<PageState>(`state${query}`);
        if (mine !== loads) return;
        dispatch({ kind: 'loaded', state: loaded });
        for (const event of waiting ?? []) apply(event);
        waiting = undefined;
        setConnected(true);
      } catch {
        setConnected(false);
        retry = setTimeout(load, retryMs);
      }
    };
    // Whatever happened while nobody listened is in the state, so it is read anew at each connection.
    events.onopen = () => {
      clearTimeout(retry);
      waiting = [];
      void load();
    };
    events.onerror = () => setConnected(false);
    events.onmessage = ({ data }: MessageEvent<string>) => {
      const event: PageEvent = JSON.parse(data);
      if (waiting === undefined) apply(event);
      else waiting.push(event);
    };
    return () => {
      clearTimeout(retry);
      events.close();
    };
  }, [userId]);

  useEffect(() => dispatch({ kind: 'read', place: openPlace }), [openPlace]);

  const me = state?.me.id;
  const loadEarlier = useCallback(
    (channel: string, before: string): void => {
      read<ChannelPage>(`messages?user=${me}&channel=${channel}&before=${before}`).then(
        (page) => dispatch({ kind: 'earlier', channel, page }),
        () => setConnected(false),
      );
    },
    [me],
  );

  return { state, connected, loadEarlier };
};
