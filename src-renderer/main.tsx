import './schemas-without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createLoopbackBridge } from '../src-main/contract/loopback-bridge.ts';
import { App } from './app.tsx';
import { showWebNotices } from './features/queue/web-notices.ts';
import { AppStoresContext, createAppStores } from './stores/app-stores.ts';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/shell.css';
import './features/library/library.css';
import './features/analysis/analysis.css';
import './features/analysis/transport.css';
import './features/measure/lane.css';
import './features/measure/measure.css';
import './features/space/space.css';
import './features/queue/queue.css';
import './features/queue/job-drawer.css';
import './features/settings/settings.css';
import './features/team/team.css';

const stores = createAppStores(window.shadowTrainer ?? createLoopbackBridge());
// The desktop app shows them itself.
if (window.shadowTrainer === undefined) showWebNotices(stores.bridge);
void stores.settings.getState().load();
void stores.library.getState().load();
void stores.team.getState().load();
void stores.jobs
  .getState()
  .load()
  .catch((error: unknown) => stores.notices.getState().report(error));

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <AppStoresContext value={stores}>
      <App />
    </AppStoresContext>
  </StrictMode>,
);
