import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ClipView, JobView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { clipState, progressDetails, stageOf } from '../queue/describe-job.ts';
import { type ClipJobs, isActive } from '../queue/jobs-store.ts';

interface StageStatusProps {
  readonly clip: ClipView;
  readonly jobs: ClipJobs | undefined;
}

/** Busy and broken: in the middle while there is no picture, at its upper edge when there is. */
export function StageStatus({ clip, jobs }: StageStatusProps) {
  const { analysis, athlete, playback, jobs: jobsStore, library } = useAppStores();
  const choosing = useStore(athlete, (state) => state.choosing);
  const loading = useStore(analysis);
  const broken = useStore(playback, (state) => state.broken);
  const state = clipState(clip, jobs);
  const active = [jobs?.analysis, jobs?.playback].filter(isActive);
  const place = clip.playback === undefined ? 'stage-status centred' : 'stage-status';
  if (active.length > 0) {
    return (
      <div className={place}>
        {active.map((job) => (
          <Working key={job.id} job={job} onCancel={() => jobsStore.getState().cancel([job])} />
        ))}
      </div>
    );
  }
  // What is said of the last try would only cover the picture that is being pointed at.
  if (choosing) return undefined;
  if (state.problem !== undefined) {
    if (clip.failure?.code === 'NO_ATHLETE_FOUND' && clip.playback !== undefined) {
      return (
        <Problem place={place} words={state.problem} kept={keptWords(clip)}>
          <Button className="button" onPress={() => athlete.getState().begin()}>
            Choose athlete
          </Button>
        </Problem>
      );
    }
    const retry = clip.failure === undefined && state.jobs.length > 0;
    return (
      <Problem place={place} words={state.problem} kept={keptWords(clip)}>
        {retry ? (
          <Button className="button" onPress={() => jobsStore.getState().retry(state.jobs)}>
            Try again
          </Button>
        ) : (
          <Button className="button" onPress={() => library.getState().remove(clip.clip.sha256)}>
            Remove from library
          </Button>
        )}
      </Problem>
    );
  }
  if (broken)
    return (
      <Problem place="stage-status" words="This video cannot be shown here." kept="The measurements are complete." />
    );
  if (loading.status === 'failed') {
    return (
      <Problem
        place={place}
        words={loading.failure?.message ?? 'The analysis could not be read.'}
        kept="The clip is still there."
      >
        <Button className="button" onPress={loading.retry}>
          Try again
        </Button>
      </Problem>
    );
  }
  if (state.kind === 'cancelled' && clip.analysisIds.length === 0) {
    return (
      <div className={place}>
        <div className="stage-problem">
          <p>The analysis was cancelled.</p>
          <Button className="button" onPress={() => jobsStore.getState().retry(state.jobs)}>
            Analyse
          </Button>
        </div>
      </div>
    );
  }
  return undefined;
}

function keptWords(clip: ClipView): string | undefined {
  if (clip.analysisIds.length > 0) return 'The earlier analysis is shown.';
  if (clip.playback !== undefined) return 'The clip can still be played.';
  return undefined;
}

function Working({ job, onCancel }: { readonly job: JobView; readonly onCancel: () => void }) {
  const words = stageOf(job);
  return (
    <div className="working">
      <div className="working-words">
        <span>{words}</span>
        <span className="quiet">{progressDetails(job).join(' · ')}</span>
        <Button
          className="button small push-end"
          onPress={onCancel}
          isDisabled={job.status === 'cancelling'}
          aria-label={job.kind === 'prepare-playback' ? 'Cancel preparing' : 'Cancel analysis'}
        >
          Cancel
        </Button>
      </div>
      <ProgressLine label={words} fraction={job.progress?.fraction ?? (job.status === 'queued' ? 0 : undefined)} />
    </div>
  );
}

interface ProblemProps {
  readonly place: string;
  readonly words: string;
  readonly kept: string | undefined;
  readonly children?: React.ReactNode;
}

function Problem({ place, words, kept, children }: ProblemProps) {
  return (
    <div className={place}>
      <div className="stage-problem">
        <p>{words}</p>
        {kept === undefined ? undefined : <p className="quiet">{kept}</p>}
        {children}
      </div>
    </div>
  );
}
