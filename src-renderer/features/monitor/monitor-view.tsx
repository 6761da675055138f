import { LogOut } from 'lucide-react';
import { Button } from 'react-aria-components';
import { type MonitorSession, monitorPaths } from '../../../src-main/contract/monitor.ts';
import { Notices } from '../notices/notices.tsx';
import { QueueView } from '../queue/queue-view.tsx';
import { useQueueKeys } from '../queue/use-queue-keys.ts';
import { useTheme } from '../settings/use-theme.ts';

/** The queue of a team in a browser: the app's own queue screen, with whose eyes it is seen above it. */
export function MonitorView({ session }: { readonly session: MonitorSession }) {
  useTheme();
  useQueueKeys();
  const { team, name, mayOperate, store, version } = session;
  return (
    <div className="monitor">
      <header className="panel-header monitor-header">
        <strong>{team}</strong>
        <span className="quiet">
          {name}, {mayOperate ? 'operator' : 'looks on: only an operator can act'}
        </span>
        {store && (
          <span className="quiet">
            Files: {gigabytes(store.storedBytes)} of {gigabytes(store.limitBytes)} GB
          </span>
        )}
        <span className="push-end quiet">Shadow Trainer {version}</span>
        <Button className="button small" onPress={signOut}>
          <LogOut size={14} aria-hidden /> Sign out
        </Button>
      </header>
      <main className="monitor-main">
        <QueueView />
      </main>
      <Notices />
    </div>
  );
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

async function signOut(): Promise<void> {
  await fetch(monitorPaths.signOut, { method: 'POST' }).catch(() => undefined);
  location.assign('/');
}
