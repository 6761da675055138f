import './schemas-without-eval.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createLoopbackBridge } from '../src-main/contract/loopback-bridge.ts';
import { monitorPaths, monitorSessionSchema } from '../src-main/contract/monitor.ts';
import { MonitorView } from './features/monitor/monitor-view.tsx';
import { AppStoresContext, createAppStores } from './stores/app-stores.ts';
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/shell.css';
import './features/queue/queue.css';
import './features/queue/job-drawer.css';
import './features/settings/settings.css';
import './features/monitor/monitor.css';

const response = await fetch(monitorPaths.session);
const session = monitorSessionSchema.parse(await response.json());
// The server is gone, or the session is over: the page that is served then says which.
const bridge = createLoopbackBridge({ onSignedOut: () => location.reload() });
const stores = createAppStores(bridge, session.mayOperate ? 'operator' : 'viewer');
const { report } = stores.notices.getState();
stores.settings.getState().loadWorkers().catch(report);
stores.jobs.getState().load().catch(report);
stores.queue.getState().show(true);
document.title = `${session.team} – Shadow Trainer`;

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no root element.');
createRoot(root).render(
  <StrictMode>
    <AppStoresContext value={stores}>
      <MonitorView session={session} />
    </AppStoresContext>
  </StrictMode>,
);
