import { Ban, Check, CircleAlert, Clock, LoaderCircle, type LucideIcon, Pause } from 'lucide-react';
import { memo } from 'react';
import type { JobView, WorkerView } from '../../../src-main/contract/calls.ts';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { progressDetails, stageOf } from './describe-job.ts';
import { JobActions } from './job-actions.tsx';
import { duration, kindWords, workersInWords } from './queue-words.ts';

export interface JobItem {
  readonly id: string;
  readonly job: JobView;
  readonly name: string;
}

const icons: Readonly<Record<JobView['status'], LucideIcon>> = {
  queued: Clock,
  running: LoaderCircle,
  paused: Pause,
  cancelling: LoaderCircle,
  cancelled: Ban,
  failed: CircleAlert,
  done: Check,
};

interface JobRowProps {
  readonly item: JobItem;
  readonly workers: ReadonlyMap<string, WorkerView>;
}

/** One job: what it is, how far it is or how it ended, who works on it, and what can be done. */
export const JobRow = memo(function JobRow({ item: { job, name }, workers }: JobRowProps) {
  const Icon = icons[job.status];
  return (
    <div className="job-row" data-status={job.status}>
      <Icon size={16} strokeWidth={1.75} aria-hidden className="job-icon" />
      <div className="job-what">
        <div className="job-name" title={name}>
          {name}
        </div>
        <div className="quiet job-kind">
          {kindWords[job.kind]}
          {job.place === 'team' ? ' · team' : ''}
        </div>
      </div>
      <JobState job={job} />
      <div className="quiet job-workers">{workersInWords(job.id, workers)}</div>
      <div className="quiet job-time">{timeOf(job)}</div>
      <JobActions job={job} />
    </div>
  );
});

function JobState({ job }: { readonly job: JobView }) {
  const isUnderWay = job.status === 'running' || job.status === 'cancelling';
  if (!isUnderWay) {
    return (
      <div className={job.status === 'failed' ? 'job-state problem-text' : 'job-state quiet'}>
        <span role="status" aria-label="State" title={job.failure?.message}>
          {endWords(job)}
        </span>
      </div>
    );
  }
  return (
    <div className="job-state">
      <div className="job-stage">
        <span role="status" aria-label="State">
          {stageOf(job)}
        </span>
        <span className="quiet">
          {progressDetails(job).map((part) => (
            <span key={part}>{part}</span>
          ))}
        </span>
      </div>
      <ProgressLine label={stageOf(job)} fraction={job.progress?.fraction} />
    </div>
  );
}

function endWords(job: JobView): string {
  switch (job.status) {
    case 'failed':
      return job.failure?.message ?? 'Failed';
    case 'done':
      return 'Done';
    case 'cancelled':
      return 'Cancelled';
    default:
      return stageOf(job);
  }
}

/** When it ended and how long it took; when it was queued, before that. */
function timeOf({ status, createdAt, startedAt, endedAt, attempts = 0 }: JobView): string {
  const clock = (time: string): string => new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (status === 'running' || status === 'cancelling') return attempts > 0 ? `attempt ${attempts + 1}` : '';
  // One that was cancelled before it was begun has no end of its own.
  if (status === 'cancelled' && endedAt === undefined) return '';
  if (endedAt === undefined) return `since ${clock(createdAt)}`;
  const took = startedAt === undefined ? '' : duration((Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
  return [took, clock(endedAt)].filter(Boolean).join(' · ');
}
