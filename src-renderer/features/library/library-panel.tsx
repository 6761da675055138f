import { ListChecks, Plus, Settings } from 'lucide-react';
import { useMemo } from 'react';
import { Button, GridList, GridListItem, ListLayout, Virtualizer } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Notices } from '../notices/notices.tsx';
import { jobsByClip } from '../queue/jobs-store.ts';
import { ClipRow } from './clip-row.tsx';

const rowHeight = 60;

/** The clips, newest first. Only the rows in sight exist, so that a thousand clips stay quick. */
export function LibraryPanel({ onSettings }: { readonly onSettings: () => void }) {
  const { library, jobs, queue } = useAppStores();
  const isQueueOpen = useStore(queue, (state) => state.isOpen);
  const { clips, openClip, importing, status, open, chooseFiles } = useStore(library);
  const allJobs = useStore(jobs, (state) => state.jobs);
  const byClip = useMemo(() => jobsByClip(allJobs), [allJobs]);
  const items = useMemo(
    () => [...clips.values()].map((clip) => ({ id: clip.clip.sha256, clip, jobs: byClip.get(clip.clip.sha256) })),
    [clips, byClip],
  );
  return (
    <aside className="library" aria-label="Library">
      <header className="panel-header">
        <h2>Clips</h2>
        <span className="quiet">{clips.size > 0 ? clips.size : undefined}</span>
        <Button className="button small push-end" onPress={chooseFiles} aria-label="Add clips">
          <Plus size={14} aria-hidden /> Add
        </Button>
      </header>
      {importing > 0 ? (
        <p className="library-note quiet">Copying {importing === 1 ? 'a clip' : `${importing} clips`}…</p>
      ) : undefined}
      {clips.size === 0 ? (
        <p className="library-note quiet">
          {status === 'loading' ? 'Loading…' : status === 'failed' ? 'The library could not be read.' : 'No clips yet.'}
        </p>
      ) : undefined}
      <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: rowHeight }}>
        <GridList
          aria-label="Clips"
          className="clip-list"
          items={items}
          selectionMode="single"
          selectionBehavior="replace"
          keyboardNavigationBehavior="tab"
          disallowEmptySelection
          // With the queue before it no clip is open, so that choosing the same one again shows it.
          selectedKeys={openClip === undefined || isQueueOpen ? [] : [openClip]}
          onSelectionChange={(keys) => {
            if (keys === 'all') return;
            const [key] = keys;
            if (typeof key !== 'string') return;
            open(key);
            queue.getState().show(false);
          }}
        >
          {(item) => (
            <GridListItem id={item.id} textValue={item.clip.name} className="clip-item">
              <ClipRow clip={item.clip} jobs={item.jobs} />
            </GridListItem>
          )}
        </GridList>
      </Virtualizer>
      <Notices />
      <footer className="panel-footer">
        <WorkerSummary />
        <IconButton
          icon={ListChecks}
          label="Queue"
          shortcut="Q"
          pressed={isQueueOpen}
          onPress={() => queue.getState().show(!isQueueOpen)}
        />
        <IconButton icon={Settings} label="Settings" onPress={onSettings} />
      </footer>
    </aside>
  );
}

function WorkerSummary() {
  const { settings } = useAppStores();
  const known = useStore(settings, (state) => state.workers);
  const workers = [...known.values()].filter(({ place }) => place !== 'team');
  const running = workers.filter(({ status }) => status === 'idle' || status === 'busy');
  const busy = running.filter(({ status }) => status === 'busy').length;
  const words = running.length === 1 ? '1 worker' : `${running.length} workers`;
  return (
    <span className="quiet push-start">
      {workers.length === 0
        ? ''
        : running.length === 0
          ? 'Workers are starting'
          : busy > 0
            ? `${words}, ${busy} busy`
            : words}
    </span>
  );
}
