import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import type { ClipJobs } from '../queue/jobs-store.ts';
import { StageToolbar } from '../space/stage-toolbar.tsx';
import { AthletePicker } from './athlete-picker.tsx';
import { letterbox } from './letterbox.ts';
import { SkeletonOverlay } from './skeleton-overlay.tsx';
import { StageStatus } from './stage-status.tsx';
import { useStageSize } from './use-stage-size.ts';

interface StageProps {
  readonly clip: ClipView;
  readonly jobs: ClipJobs | undefined;
}

/** Only who looks into space waits for what draws it. */
const SpacePanel = lazy(() => import('../space/space-panel.tsx'));

/** The picture takes the room, the body in space beside or instead of it; what happens to the clip is said above it. */
export function Stage({ clip, jobs }: StageProps) {
  const { analysis, athlete, space } = useAppStores();
  const stageRef = useRef<HTMLElement>(null);
  const filmRef = useRef<HTMLDivElement>(null);
  const stage = useStageSize(stageRef);
  const film = useStageSize(filmRef);
  const loaded = useStore(analysis, (state) => state.analysis);
  const choosing = useStore(athlete, (state) => state.choosing);
  const wanted = useStore(space, (state) => state.mode);
  const hasSpace = loaded !== undefined && clip.playback !== undefined && !choosing;
  const mode = hasSpace ? wanted : 'video';
  return (
    <section className="stage" aria-label="Stage" ref={stageRef} data-toolbar={hasSpace}>
      <div className="stage-panes" data-upright={stage.height > stage.width}>
        {/* The film goes on unseen: it is the clock of all else. */}
        <div className="stage-pane" ref={filmRef} data-unseen={mode === 'space'}>
          {clip.playback !== undefined && clip.probe !== undefined ? (
            <Picture
              playback={clip.playback}
              display={{ width: clip.probe.displayWidth, height: clip.probe.displayHeight }}
              stage={film}
            />
          ) : undefined}
        </div>
        {loaded === undefined || mode === 'video' ? undefined : (
          <div className="stage-pane">
            <Suspense fallback={undefined}>
              <SpacePanel analysis={loaded} />
            </Suspense>
          </div>
        )}
      </div>
      <StageStatus clip={clip} jobs={jobs} />
      {hasSpace ? <StageToolbar /> : undefined}
    </section>
  );
}

interface PictureProps {
  readonly playback: NonNullable<ClipView['playback']>;
  readonly display: { readonly width: number; readonly height: number };
  readonly stage: ReturnType<typeof useStageSize>;
}

function Picture({ playback, display, stage }: PictureProps) {
  const { bridge, playback: store } = useAppStores();
  const videoRef = useRef<HTMLVideoElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const choosing = useStore(useAppStores().athlete, (state) => state.choosing);
  const source = bridge.mediaUrl(playback.proxy);
  // A record of the clip that comes again unchanged must not restart the player.
  const timesKey = playback.proxy.sha256;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the proxy's hash stands for its frame times.
  const timesSeconds = useMemo(() => playback.frameTimesSeconds, [timesKey]);
  useEffect(() => {
    const video = videoRef.current;
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d', { alpha: false });
    if (video === null || !canvas || !context) return undefined;
    const paint = (picture: CanvasImageSource) => {
      if (canvas.width !== video.videoWidth || canvas.height !== video.videoHeight) {
        canvas.width = video.videoWidth;
        canvas.height = video.videoHeight;
      }
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    };
    return store.getState().attach({ video, timesSeconds, paint });
  }, [store, timesSeconds]);
  const place = letterbox(display, stage);
  const style = {
    left: Math.round(place.x),
    top: Math.round(place.y),
    width: Math.round(place.width),
    height: Math.round(place.height),
  };
  return (
    <div className="picture" style={style}>
      <video ref={videoRef} src={source} preload="auto" muted playsInline disablePictureInPicture />
      <canvas ref={canvasRef} className="shown-picture" aria-hidden />
      <SkeletonOverlay display={display} picture={style} pixelRatio={stage.pixelRatio} />
      {choosing ? <AthletePicker picture={style} /> : undefined}
    </div>
  );
}
