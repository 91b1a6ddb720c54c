import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { ChannelPage, PageEvent, PageState } from '../slack/page-protocol.ts';
import { read } from './api.ts';
import { reduceWorkspace } from './workspace-state.ts';

/** The workspace as one user sees it, kept up to date by the event stream. */
export const useWorkspace = (userId: string | undefined, openPlace: string) => {
  const [state, dispatch] = useReducer(reduceWorkspace, undefined);
  const [connected, setConnected] = useState(true);
  const place = useRef(openPlace);
  place.current = openPlace;

  useEffect(() => {
    const query = userId === undefined ? '' : `?user=${encodeURIComponent(userId)}`;
    const events = new EventSource(`/page/events${query}`);
    // Whatever happened while nobody listened is in the state, so it is read anew at each connection.
    events.onopen = () => {
      setConnected(true);
      read<PageState>(`state${query}`).then(
        (loaded) => dispatch({ kind: 'loaded', state: loaded }),
        () => setConnected(false),
      );
    };
    events.onerror = () => setConnected(false);
    events.onmessage = ({ data }: MessageEvent<string>) => {
      const event: PageEvent = JSON.parse(data);
      dispatch({ kind: 'event', event, openPlace: place.current });
    };
    return () => events.close();
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
