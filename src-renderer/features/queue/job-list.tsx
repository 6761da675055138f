import { useMemo } from 'react';
import { GridList, GridListItem, ListLayout, Virtualizer } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { type JobItem, JobRow } from './job-row.tsx';
import { type JobFilter, passesFilter, sortJobs } from './sort-jobs.ts';

const rowHeight = 48;

const emptyWords: Readonly<Record<JobFilter, string>> = {
  all: 'Nothing to do. Whatever is done with a clip is listed here.',
  running: 'Nothing is running.',
  waiting: 'Nothing is waiting.',
  failed: 'Nothing has failed.',
  ended: 'Nothing has ended yet.',
};

/** The jobs that pass the filter. Only the rows in sight exist, so that thousands stay quick. */
export function JobList() {
  const { jobs: store, library, queue, settings } = useAppStores();
  const jobs = useStore(store, (state) => state.jobs);
  const clips = useStore(library, (state) => state.clips);
  const workers = useStore(settings, (state) => state.workers);
  const filter = useStore(queue, (state) => state.filter);
  const selected = useStore(queue, (state) => state.selected);
  const items = useMemo(
    () =>
      sortJobs([...jobs.values()].filter((job) => passesFilter(job, filter))).map((job) => ({
        id: job.id,
        job,
        workers,
        name: clips.get(job.clipSha256)?.name ?? job.clipName ?? 'A clip that was removed',
      })),
    [jobs, clips, filter, workers],
  );
  if (items.length === 0) return <p className="queue-empty quiet">{emptyWords[filter]}</p>;
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: rowHeight }}>
      <GridList
        aria-label="Jobs"
        className="job-list"
        items={items}
        selectionMode="single"
        selectionBehavior="replace"
        keyboardNavigationBehavior="tab"
        selectedKeys={selected === undefined ? [] : [selected]}
        onSelectionChange={(keys) => {
          if (keys === 'all') return;
          const [key] = keys;
          queue.getState().select(typeof key === 'string' ? key : undefined);
        }}
      >
        {(item: JobItem & { readonly workers: typeof workers }) => (
          <GridListItem id={item.id} textValue={`${item.name} ${item.job.kind}`} className="job-item">
            <JobRow item={item} workers={item.workers} />
          </GridListItem>
        )}
      </GridList>
    </Virtualizer>
  );
}
