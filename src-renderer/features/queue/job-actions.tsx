import { ArrowUpToLine, Pause, Play, RotateCw, Trash2, X } from 'lucide-react';
import { useStore } from 'zustand';
import type { JobView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** What can be done with a job as it is now. */
export function JobActions({ job }: { readonly job: JobView }) {
  const { jobs, queue } = useAppStores();
  const isViewer = useStore(queue, ({ access }) => access === 'viewer');
  const { cancel, doNext, pause, resume, retry, discard } = useStore(jobs);
  const { status } = job;
  const isOpen = status === 'queued' || status === 'running' || status === 'paused';
  if (isViewer) return <div className="job-actions" />;
  return (
    <div className="job-actions">
      {status === 'queued' ? (
        <IconButton icon={ArrowUpToLine} label="Do next" onPress={() => doNext(job)} />
      ) : undefined}
      {status === 'queued' || status === 'running' ? (
        <IconButton icon={Pause} label="Pause" onPress={() => pause(job)} />
      ) : undefined}
      {status === 'paused' ? <IconButton icon={Play} label="Resume" onPress={() => resume(job)} /> : undefined}
      {isOpen ? <IconButton icon={X} label="Cancel" onPress={() => cancel([job])} /> : undefined}
      {status === 'failed' || status === 'cancelled' ? (
        <IconButton icon={RotateCw} label="Try again" onPress={() => retry([job])} />
      ) : undefined}
      {isOpen || status === 'cancelling' ? undefined : (
        <IconButton icon={Trash2} label="Discard" onPress={() => discard(job)} />
      )}
    </div>
  );
}
