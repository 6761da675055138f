import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { AnalysisView } from './features/analysis/analysis-view.tsx';
import { DropOverlay } from './features/import/drop-overlay.tsx';
import { EmptyStage } from './features/import/empty-stage.tsx';
import { LibraryPanel } from './features/library/library-panel.tsx';
import { QueueView } from './features/queue/queue-view.tsx';
import { useQueueKeys } from './features/queue/use-queue-keys.ts';
import { SettingsDialog } from './features/settings/settings-dialog.tsx';
import { useTheme } from './features/settings/use-theme.ts';
import { TeamBar } from './features/team/team-bar.tsx';
import { TeamDialog } from './features/team/team-dialog.tsx';
import { useAppStores } from './stores/app-stores.ts';

export function App() {
  const { library, queue } = useAppStores();
  const isQueueOpen = useStore(queue, (state) => state.isOpen);
  const clip = useStore(library, ({ clips, openClip }) => (openClip === undefined ? undefined : clips.get(openClip)));
  const [settingsOpen, setSettingsOpen] = useState(false);
  useTheme();
  useQueueKeys();
  useEffect(() => {
    document.title = clip === undefined ? 'Shadow Trainer' : `${clip.name} – Shadow Trainer`;
  }, [clip]);
  return (
    <div className="shell">
      <TeamBar />
      <LibraryPanel onSettings={() => setSettingsOpen(true)} />
      <main className="shell-main">
        {isQueueOpen ? (
          <QueueView />
        ) : clip === undefined ? (
          <EmptyStage />
        ) : (
          <AnalysisView key={clip.clip.sha256} clip={clip} />
        )}
      </main>
      <SettingsDialog isOpen={settingsOpen} onOpenChange={setSettingsOpen} />
      <TeamDialog />
      <DropOverlay />
    </div>
  );
}
