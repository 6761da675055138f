import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import type { ClipJobs } from '../queue/jobs-store.ts';
import { AthletePicker } from './athlete-picker.tsx';
import { letterbox } from './letterbox.ts';
import { SkeletonOverlay } from './skeleton-overlay.tsx';
import { StageStatus } from './stage-status.tsx';
import { useStageSize } from './use-stage-size.ts';

interface StageProps {
  readonly clip: ClipView;
  readonly jobs: ClipJobs | undefined;
}

/** The picture takes the room; what is happening to the clip is said at its upper edge. */
export function Stage({ clip, jobs }: StageProps) {
  const stageRef = useRef<HTMLElement>(null);
  const size = useStageSize(stageRef);
  return (
    <section className="stage" aria-label="Stage" ref={stageRef}>
      {clip.playback !== undefined && clip.probe !== undefined ? (
        <Picture
          playback={clip.playback}
          display={{ width: clip.probe.displayWidth, height: clip.probe.displayHeight }}
          stage={size}
        />
      ) : undefined}
      <StageStatus clip={clip} jobs={jobs} />
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
