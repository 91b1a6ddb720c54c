/** The app's two places: its home, and what it and this user say to each other. */
export const AppTabs = ({ placeName, hasUnread }: { readonly placeName: string; readonly hasUnread: boolean }) => (
  <nav className="ws-tabs" aria-label="App">
    <a href="#/home" aria-current={placeName === '@home' ? 'page' : undefined}>
      Home
    </a>
    <a
      href="#/messages"
      aria-current={placeName === '@messages' ? 'page' : undefined}
      className={hasUnread ? 'ws-unread' : undefined}
    >
      Messages
    </a>
  </nav>
);
