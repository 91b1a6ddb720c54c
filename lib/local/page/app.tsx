import { useEffect, useMemo, useRef, useState } from 'react';
import type { Channel } from '../slack/store/workspace.ts';
import { textsIn } from './block-kit/block-json.ts';
import { Modal } from './block-kit/modal.tsx';
import { type CommandRow, readCommandTable } from './composer/command-table.ts';
import { Composer } from './composer/composer.tsx';
import { FirstSteps } from './conversation/first-steps.tsx';
import { HomeTab } from './conversation/home-tab.tsx';
import { MessageList } from './conversation/message-list.tsx';
import { Sidebar } from './frame/sidebar.tsx';
import { AppTabs, Topbar } from './frame/topbar.tsx';
import { useSidePanel } from './frame/use-side-panel.ts';
import { Machine } from './machine/machine.tsx';
import { Postal } from './postal/postal.tsx';
import { hostnamesIn } from './text/mrkdwn.ts';
import { ask, read } from './workspace/api.ts';
import { SurroundingsContext } from './workspace/surroundings.ts';
import { usePlace } from './workspace/use-location.ts';
import { useTheme } from './workspace/use-theme.ts';
import { useWorkspace } from './workspace/use-workspace.ts';
import type { WorkspaceState } from './workspace/workspace-state.ts';

/** Kept with the tab: two people can be at work side by side. */
const userKey = 'workspace-user';
const noPage = { messages: [], hasEarlier: false };

const seenHostnames = (state: WorkspaceState, sent: readonly string[]): readonly string[] => {
  const texts = Object.values(state.pages).flatMap(({ messages }) =>
    messages.flatMap(({ text, blocks }) => [text, ...textsIn(blocks)]),
  );
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

/** The conversation at a place; none in the app's home. */
const placeOf = (state: WorkspaceState | undefined, name: string): Channel | undefined => {
  if (name === '@home') return undefined;
  return name === '@messages'
    ? state?.direct
    : (state?.channels.find((channel) => channel.name === name) ?? state?.channels[0]);
};

/** The workspace. */
export const App = () => {
  const [userId, setUserId] = useState(() => sessionStorage.getItem(userKey) ?? undefined);
  const [theme, toggleTheme] = useTheme();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [openPanel, choosePanel] = useSidePanel();
  const [text, setText] = useState('');
  const [sent, setSent] = useState<readonly string[]>([]);
  const [problem, setProblem] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const rows = useCommandRows();
  const place = usePlace();
  const [channelId, setChannelId] = useState('');
  const { state, unread, connected, loadEarlier } = useWorkspace(userId, channelId);

  const isApp = place.name === '@home' || place.name === '@messages';
  const channel = placeOf(state, place.name);
  useEffect(() => setChannelId(channel?.id ?? ''), [channel?.id]);
  // Direct messages go by the app's name here; Slack's API calls every conversation of two `directmessage`.
  const title = isApp ? (state?.bot.name ?? '') : `#${channel?.name ?? ''}`;
  useEffect(() => {
    const count = unread.size === 0 ? '' : `(${unread.size}) `;
    if (state !== undefined) document.title = `${count}${title} · ${state.team.name}`;
  }, [state, title, unread]);

  useEffect(() => {
    if (!isMenuOpen) return;
    const pressed = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') setMenuOpen(false);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [isMenuOpen]);

  const { me: reader, users, channels, userGroups, bot } = state ?? {};
  const surroundings = useMemo(
    () =>
      reader && users && channels && userGroups && bot
        ? { me: reader, users, channels, userGroups, bot, theme }
        : undefined,
    [reader, users, channels, userGroups, bot, theme],
  );
  const source = useMemo(
    () => ({
      command: state?.command ?? '',
      rows,
      hostnames: state === undefined ? [] : seenHostnames(state, sent),
      users: state?.users ?? [],
      servers: state?.postal?.servers.map(({ name }) => name) ?? [],
    }),
    [state, rows, sent],
  );

  if (state === undefined || surroundings === undefined) {
    return (
      <p className="ws-loading">
        {connected ? 'Opening the workspace…' : 'The local workspace does not answer. Is it running?'}
      </p>
    );
  }

  const me = state.me.id;
  const send = async (line: string): Promise<void> => {
    if (channel === undefined) return;
    setSent((before) => [...before.filter((one) => one !== line), line]);
    const outcome = await ask('say', { user: me, channel: channel.id, text: line });
    setProblem(outcome.ok ? '' : (outcome.error ?? 'That did not work.'));
    // What was not sent is back in the field, before whatever was typed meanwhile.
    if (!outcome.ok) setText((typed) => (typed === '' ? line : `${line}\n${typed}`));
  };
  const placeName = isApp ? place.name : (channel?.name ?? '');
  const page = channel === undefined ? noPage : (state.pages[channel.id] ?? noPage);
  const tryOut = (line: string): void => {
    setText(line);
    field.current?.focus();
  };
  const view = state.views.at(-1);
  const machine = openPanel === 'machine' ? state.machine : null;
  const postal = openPanel === 'postal' ? state.postal : null;
  const closePanel = (): void => choosePanel(undefined);

  return (
    <SurroundingsContext value={surroundings}>
      <div className={machine === null && postal === null ? 'ws' : 'ws ws-with-panel'}>
        <Sidebar
          state={state}
          unread={unread}
          placeName={placeName}
          isOpen={isMenuOpen}
          onClose={() => setMenuOpen(false)}
        />
        {isMenuOpen && (
          <button type="button" className="ws-scrim" aria-label="Close the list" onClick={() => setMenuOpen(false)} />
        )}
        <main className="ws-main" tabIndex={-1}>
          <Topbar
            title={title}
            topic={isApp ? 'App' : (channel?.topic ?? '')}
            me={state.me}
            users={state.users}
            theme={theme}
            onMenu={() => setMenuOpen(true)}
            onTheme={toggleTheme}
            panels={(['machine', 'postal'] as const).filter((panel) => state[panel] !== null)}
            openPanel={openPanel}
            onPanel={choosePanel}
            onUser={(id) => {
              sessionStorage.setItem(userKey, id);
              setUserId(id);
            }}
          />
          {!connected && (
            <p className="ws-banner" role="status">
              Not connected. Trying again…
            </p>
          )}
          {isApp && <AppTabs placeName={place.name} hasUnread={unread.has(state.direct.id)} />}
          {channel === undefined ? (
            <HomeTab home={state.home} user={me} botName={state.bot.name} />
          ) : (
            <>
              <MessageList
                key={`${channel.id}-${me}`}
                page={page}
                label={title}
                hrefOf={(ts) => (isApp ? `#/messages/${ts}` : `#${channel.name}/${ts}`)}
                user={me}
                targetTs={place.ts}
                onEarlier={(before) => loadEarlier(channel.id, before)}
              >
                <FirstSteps
                  title={title}
                  topic={
                    isApp
                      ? 'What you start from its home is answered here, for you alone. Commands work here, too.'
                      : (channel.topic ?? 'What is said here stays on this machine.')
                  }
                  command={state.command}
                  steps={channel.botIsMember && !isApp ? state.firstSteps : []}
                  rows={rows}
                  isQuiet={page.messages.length === 0}
                  onTry={tryOut}
                />
              </MessageList>
              {problem !== '' && (
                <p className="ws-banner" role="alert">
                  {problem}
                </p>
              )}
              <Composer
                field={field}
                label={`Message ${title}`}
                source={source}
                text={text}
                onText={setText}
                onSend={(line) => void send(line)}
                sent={sent}
              />
            </>
          )}
        </main>
        {machine !== null && <Machine machine={machine} user={me} onClose={closePanel} />}
        {postal !== null && <Postal postal={postal} user={me} onClose={closePanel} />}
        {view && <Modal key={view.id} view={view} user={me} />}
      </div>
    </SurroundingsContext>
  );
};
