import { useCallback, useEffect, useMemo, useReducer, useState } from 'react';
import type { ChannelPage, PageEvent, PageState } from '../../slack/page-api/page-protocol.ts';
import { read } from './api.ts';
import { loadReadUpTo, saveReadUpTo } from './read-up-to.ts';
import { reduceWorkspace, unreadIn } from './workspace-state.ts';

const retryMs = 1000;

const useIsLookedAt = (): boolean => {
  const [isLookedAt, setLookedAt] = useState(!document.hidden);
  useEffect(() => {
    const changed = (): void => setLookedAt(!document.hidden);
    document.addEventListener('visibilitychange', changed);
    return () => document.removeEventListener('visibilitychange', changed);
  }, []);
  return isLookedAt;
};

/** The workspace as one user sees it, kept up to date by the event stream. */
export const useWorkspace = (userId: string | undefined, openPlace: string) => {
  const [state, dispatch] = useReducer(reduceWorkspace, undefined);
  const [connected, setConnected] = useState(true);

  useEffect(() => {
    const query = userId === undefined ? '' : `?user=${encodeURIComponent(userId)}`;
    const events = new EventSource(`/page/events${query}`);
    // What happens while the state is on its way may not be in it, so it waits and is applied on top.
    let waiting: PageEvent[] | undefined = [];
    let retry: ReturnType<typeof setTimeout> | undefined;
    const apply = (event: PageEvent): void => dispatch({ kind: 'event', event });
    let loads = 0;
    const load = async (): Promise<void> => {
      loads += 1;
      const mine = loads;
      try {
        const loaded = await read<PageState>(`state${query}`);
        if (mine !== loads) return;
        dispatch({ kind: 'loaded', state: loaded, readUpTo: loadReadUpTo(loaded.me.id) });
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

  // What comes in while nobody looks at this tab is unread, wherever it comes in.
  const isLookedAt = useIsLookedAt();
  useEffect(() => {
    if (isLookedAt && state !== undefined) dispatch({ kind: 'read', place: openPlace });
  }, [isLookedAt, openPlace, state]);

  const me = state?.me.id;
  const readUpTo = state?.readUpTo;
  useEffect(() => {
    if (me !== undefined && readUpTo !== undefined) saveReadUpTo(me, readUpTo);
  }, [me, readUpTo]);
  const unread = useMemo(() => (state === undefined ? new Set<string>() : unreadIn(state)), [state]);
  const loadEarlier = useCallback(
    (channel: string, before: string): void => {
      read<ChannelPage>(`messages?user=${me}&channel=${channel}&before=${before}`).then(
        (page) => dispatch({ kind: 'earlier', channel, page }),
        () => setConnected(false),
      );
    },
    [me],
  );

  return { state, unread, connected, loadEarlier };
};
