import { useEffect, useMemo, useRef, useState } from 'react';
import { ask, read } from './api.ts';
import { textsIn } from './block-json.ts';
import { type CommandRow, readCommandTable } from './command-table.ts';
import { Composer } from './composer.tsx';
import { FirstSteps } from './first-steps.tsx';
import { HomeTab } from './home-tab.tsx';
import { MessageList } from './message-list.tsx';
import { Modal } from './modal.tsx';
import { hostnamesIn } from './mrkdwn.ts';
import { Sidebar } from './sidebar.tsx';
import { SurroundingsContext } from './surroundings.ts';
import { Topbar } from './topbar.tsx';
import { usePlace } from './use-location.ts';
import { useTheme } from './use-theme.ts';
import { useWorkspace } from './use-workspace.ts';
import type { WorkspaceState } from './workspace-state.ts';

const userKey = 'workspace-user';
const noPage = { messages: [], hasEarlier: false };

const seenHostnames = (state: WorkspaceState, sent: readonly string[]): readonly string[] => {
  const texts = Object.values(state.pages).flatMap(({ messages }) => messages.flatMap(({ text, blocks }) => [text, ...textsIn(blocks)]));
  return [...new Set([...texts, ...sent].flatMap(hostnamesIn).reverse())];
};

const useCommandRows = (): readonly CommandRow[] => {
  const [rows, setRows] = useState<readonly CommandRow[]>([]);
  useEffect(() => {
    read<unknown>('commands.json').then(
      (json) => setRows(readCommandTable(json)),
      () => setRows([]),
    );
  }, []);
  return rows;
};

/** The workspace. */
export const App = () => {
  const [userId, setUserId] = useState(() => localStorage.getItem(userKey) ?? undefined);
  const [theme, toggleTheme] = useTheme();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [text, setText] = useState('');
  const [sent, setSent] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const rows = useCommandRows();
  const place = usePlace();
  const [channelId, setChannelId] = useState('');
  const { state, connected, loadEarlier } = useWorkspace(userId, channelId);

  const channel = place.name === '@home' ? undefined : (state?.channels.find(({ name }) => name === place.name) ?? state?.channels[0]);
  useEffect(() => setChannelId(channel?.id ?? ''), [channel?.id]);

  const { users, channels, userGroups, bot } = state ?? {};
  const surroundings = useMemo(
    () => (users && channels && userGroups && bot ? { users, channels, userGroups, bot, theme } : undefined),
    [users, channels, userGroups, bot, theme],
  );
  const source = useMemo(
    () => ({
      command: state?.command ?? '',
      rows,
      hostnames: state === undefined ? [] : seenHostnames(state, sent),
      users: state?.users ?? [],
    }),
    [state, rows, sent],
  );

  if (state === undefined || surroundings === undefined) {
    return <p className="ws-loading">{connected ? 'Opening the workspace…' : 'The local workspace does not answer. Is it running?'}</p>;
  }

  const me = state.me.id;
  const send = async (line: string): Promise<void> => {
    if (channel === undefined) return;
    setSent((before) => [...before.filter((one) => one !== line), line]);
    const outcome = await ask('say', { user: me, channel: channel.id, text: line });
    setProblem(outcome.ok ? '' : (outcome.error ?? 'That did not work.'));
  };
  const tryOut = (line: string): void => {
    setText(line);
    field.current?.focus();
  };
  const view = state.views.at(-1);

  return (
    <SurroundingsContext value={surroundings}>
      <div className="ws">
        <Sidebar state={state} placeName={channel?.name ?? '@home'} isOpen={isMenuOpen} onClose={() => setMenuOpen(false)} />
        {isMenuOpen && <button type="button" className="ws-scrim" aria-label="Close the list" onClick={() => setMenuOpen(false)} />}
        <main className="ws-main">
          <Topbar
            title={channel === undefined ? state.bot.name : `#${channel.name}`}
            topic={channel === undefined ? 'App Home' : (channel.topic ?? '')}
            me={state.me}
            users={state.users}
            theme={theme}
            onMenu={() => setMenuOpen(true)}
            onTheme={toggleTheme}
            onUser={(id) => {
              localStorage.setItem(userKey, id);
              setUserId(id);
            }}
          />
          {!connected && (
            <p className="ws-banner" role="status">
              Not connected. Trying again…
            </p>
          )}
          {channel === undefined ? (
            <HomeTab home={state.home} user={me} botName={state.bot.name} />
          ) : (
            <>
              <MessageList
                key={`${channel.id}-${me}`}
                page={state.pages[channel.id] ?? noPage}
                channelName={channel.name}
                user={me}
                targetTs={place.ts}
                onEarlier={(before) => loadEarlier(channel.id, before)}
              >
                <FirstSteps channelName={channel.name} topic={channel.topic} command={state.command} rows={rows} onTry={tryOut} />
              </MessageList>
              {problem !== '' && (
                <p className="ws-banner" role="alert">
                  {problem}
                </p>
              )}
              <Composer
                field={field}
                channelName={channel.name}
                source={source}
                text={text}
                onText={setText}
                onSend={(line) => void send(line)}
                sent={sent}
              />
            </>
          )}
        </main>
        {view && <Modal key={view.id} view={view} user={me} />}
      </div>
    </SurroundingsContext>
  );
};
