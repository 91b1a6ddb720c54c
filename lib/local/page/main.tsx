import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './library.css';
import './base.css';
import './frame.css';
import './topbar.css';
import './messages.css';
import './first-steps.css';
import './composer.css';
import './message.css';
import './block-kit.css';
import './form.css';
import './file.css';
import './machine.css';

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
