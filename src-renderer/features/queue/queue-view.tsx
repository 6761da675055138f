import { ChartLine, Pause, Play, RotateCw, Trash2, X } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { JobDrawer } from './job-drawer.tsx';
import { JobList } from './job-list.tsx';
import { QueueHistory } from './queue-history.tsx';
import { QueueWorkers } from './queue-workers.tsx';
import { type JobFilter, jobFilters, passesFilter } from './sort-jobs.ts';
import { StatisticsStrip } from './statistics-strip.tsx';
import { useTeamQueue } from './use-team-queue.ts';

const filterWords: Readonly<Record<JobFilter, string>> = {
  all: 'All',
  running: 'Running',
  waiting: 'Waiting',
  failed: 'Failed',
  ended: 'Ended',
};

/** Everything that is to be done, is done, and was done. */
export function QueueView() {
  const { queue } = useAppStores();
  const { filter, access, isHistoryOpen } = useStore(queue);
  return (
    <section className="queue" aria-label="Queue">
      <div className="queue-main">
        <QueueHeader />
        <StatisticsStrip />
        {isHistoryOpen ? <QueueHistory /> : undefined}
        {filter === 'failed' && access !== 'viewer' ? <DeadLetters /> : undefined}
        <JobList />
        <QueueWorkers />
      </div>
      <JobDrawer />
    </section>
  );
}

function QueueHeader() {
  const { queue, jobs: store } = useAppStores();
  const { filter, setFilter, statistics, setPaused, show, access, isHistoryOpen, showHistory } = useStore(queue);
  const jobs = useStore(store, (state) => state.jobs);
  const choices = useMemo(
    () =>
      jobFilters.map((value) => {
        const count = [...jobs.values()].filter((job) => passesFilter(job, value)).length;
        return { value, label: count === 0 ? filterWords[value] : `${filterWords[value]} ${count}` };
      }),
    [jobs],
  );
  const team = useTeamQueue();
  const isPaused = statistics?.isPaused === true;
  return (
    <header className="panel-header">
      <h1>Queue</h1>
      {team === undefined ? undefined : <span className="quiet queue-whose">Team {team.name}</span>}
      <Segments label="Show" value={filter} choices={choices} onChange={setFilter} />
      <span className="push-end" />
      {isPaused ? (
        <span role="status" aria-label="Queue state" className="queue-paused">
          Paused: nothing new is begun
        </span>
      ) : undefined}
      <IconButton
        icon={ChartLine}
        label="History"
        pressed={isHistoryOpen}
        onPress={() => showHistory(!isHistoryOpen)}
      />
      {access === 'viewer' || team?.mayOperate === false ? undefined : (
        <Button className="button" onPress={() => setPaused(!isPaused)}>
          {isPaused ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
          {`${isPaused ? 'Resume' : 'Pause'} ${team === undefined ? 'queue' : 'team’s queue'}`}
        </Button>
      )}
      {access === 'app' ? (
        <IconButton icon={X} label="Close queue" shortcut="Q" onPress={() => show(false)} />
      ) : undefined}
    </header>
  );
}

/** The failed jobs together. */
function DeadLetters() {
  const { jobs } = useAppStores();
  const failed = useStore(jobs, (state) => [...state.jobs.values()].filter(({ status }) => status === 'failed').length);
  const { retryAll, discardAll } = useStore(jobs);
  if (failed === 0) return undefined;
  return (
    <div className="queue-letters">
      <p className="quiet">
        These jobs were given up. What they finished is kept: tried again, they go on from the stage that failed.
      </p>
      <Button className="button small" onPress={retryAll}>
        <RotateCw size={14} aria-hidden /> Try all again
      </Button>
      <Button className="button small" onPress={discardAll}>
        <Trash2 size={14} aria-hidden /> Discard all
      </Button>
    </div>
  );
}
