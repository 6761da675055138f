import { CircleAlert, Ellipsis, Film, RotateCw, Trash2, X } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { type ClipState, clipState, progressDetails } from '../queue/describe-job.ts';
import type { ClipJobs } from '../queue/jobs-store.ts';

interface ClipRowProps {
  readonly clip: ClipView;
  readonly jobs: ClipJobs | undefined;
}

/** Poster, name, and either what is happening, what went wrong, or what is there. */
export function ClipRow({ clip, jobs }: ClipRowProps) {
  const state = clipState(clip, jobs);
  return (
    <div className="clip-row" data-state={state.kind}>
      <Poster clip={clip} />
      <div className="clip-text">
        <div className="clip-name" title={clip.name}>
          {clip.name}
        </div>
        <StateLine clip={clip} state={state} />
      </div>
      <RowActions clip={clip} state={state} />
    </div>
  );
}

function Poster({ clip }: { readonly clip: ClipView }) {
  const { bridge } = useAppStores();
  if (clip.playback === undefined) {
    return (
      <div className="clip-poster empty">
        {clip.failure === undefined ? <Film size={16} /> : <CircleAlert size={16} />}
      </div>
    );
  }
  return (
    <div className="clip-poster">
      <img src={bridge.mediaUrl(clip.playback.poster)} alt="" loading="lazy" draggable={false} />
    </div>
  );
}

function StateLine({ clip, state }: { readonly clip: ClipView; readonly state: ClipState }) {
  const [job] = state.jobs;
  if (state.kind === 'busy' && job !== undefined) {
    const left = progressDetails(job).findLast((part) => part.endsWith('left'));
    return (
      <>
        <div className="clip-state">
          <span role="status" aria-label="State">
            {state.words}
          </span>
          <span className="quiet clip-left">{left}</span>
        </div>
        <ProgressLine
          label={`${state.words}: ${clip.name}`}
          fraction={job.progress?.fraction ?? (job.status === 'queued' ? 0 : undefined)}
        />
      </>
    );
  }
  if (state.kind === 'failed') {
    return (
      <div className="clip-state problem-text" role="status" aria-label="Problem" title={state.problem}>
        {state.problem}
      </div>
    );
  }
  return (
    <div className="clip-state quiet">
      <span role="status" aria-label="State">
        {state.words}
      </span>
      {clip.probe === undefined ? undefined : (
        <span>
          {clip.probe.durationSeconds.toFixed(1)} s
          <span className="clip-rate"> · {Math.round(clip.probe.framesPerSecond)} fps</span>
        </span>
      )}
    </div>
  );
}

function RowActions({ clip, state }: { readonly clip: ClipView; readonly state: ClipState }) {
  const { library, jobs } = useAppStores();
  const { cancel, retry } = useStore(jobs);
  const { remove } = useStore(library);
  const cancelling = state.jobs.every(({ status }) => status === 'cancelling');
  return (
    <div className="clip-actions">
      {/* Comes with the pointer, so it comes first: the button beside it must not move away under a click. */}
      <MenuTrigger>
        <Button aria-label="More" className="icon-button clip-more">
          <Ellipsis size={16} aria-hidden />
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu>
            <MenuItem className="menu-item" onAction={() => remove(clip.clip.sha256)}>
              <Trash2 size={14} aria-hidden />
              Remove from library
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {state.kind === 'busy' ? (
        <IconButton icon={X} label="Cancel" isDisabled={cancelling} onPress={() => cancel(state.jobs)} />
      ) : undefined}
      {(state.kind === 'failed' || state.kind === 'cancelled') && clip.failure === undefined ? (
        <IconButton icon={RotateCw} label="Try again" onPress={() => retry(state.jobs)} />
      ) : undefined}
    </div>
  );
}
