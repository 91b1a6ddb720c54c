import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './frame/base.css';
import './frame/frame.css';
import './frame/topbar.css';
import './conversation/messages.css';
import './conversation/first-steps.css';
import './composer/composer.css';
import './conversation/message.css';
import './block-kit/block-kit.css';
import './block-kit/form.css';
import './block-kit/file.css';
import './frame/panel.css';
import './machine/machine.css';
import './postal/postal.css';

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
