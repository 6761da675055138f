import { useEffect, useRef } from 'react';
import { skeletons } from '../../../models/skeletons.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { drawPose, lineWidthFor, type PoseColours, personHeight } from './draw-pose.ts';
import type { Size } from './letterbox.ts';

interface SkeletonOverlayProps {
  /** Size of the picture as landmarks count it. */
  readonly display: Size;
  /** Size of the picture on screen, CSS pixels. */
  readonly picture: Size;
  readonly pixelRatio: number;
}

/** The skeleton of the frame on screen. Drawn outside React, in the rendering step that shows the frame. */
export function SkeletonOverlay({ display, picture, pixelRatio }: SkeletonOverlayProps) {
  const { analysis, playback } = useAppStores();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const width = Math.round(picture.width * pixelRatio);
  const height = Math.round(picture.height * pixelRatio);
  useEffect(() => {
    const canvas = canvasRef.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return undefined;
    canvas.width = width;
    canvas.height = height;
    const colours = poseColours();
    const draw = () => {
      const { shownFrame } = playback.getState();
      const { analysis: loaded, overlayShown, landmarks: kind } = analysis.getState();
      context.clearRect(0, 0, canvas.width, canvas.height);
      let points = 0;
      const skeleton = loaded === undefined ? undefined : skeletons[loaded.document.model.skeleton];
      if (loaded !== undefined && skeleton !== undefined && overlayShown && shownFrame !== undefined) {
        const landmarks = kind === 'raw' ? loaded.raw : loaded.cleaned;
        const scale = { x: canvas.width / display.width, y: canvas.height / display.height };
        const tall = personHeight(landmarks, shownFrame, loaded.keypointCount) * scale.y;
        const lineWidth = lineWidthFor({ personHeight: tall, finest: 1.6 * pixelRatio });
        points = drawPose(context, { skeleton, landmarks, frame: shownFrame, scale, lineWidth, colours });
      }
      canvas.dataset['frame'] = shownFrame === undefined ? '' : String(shownFrame);
      canvas.dataset['pointsDrawn'] = String(points);
    };
    draw();
    const stops = [
      playback.subscribe((state, before) => {
        if (state.shownFrame !== before.shownFrame) draw();
      }),
      analysis.subscribe(draw),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [analysis, playback, display.width, display.height, width, height, pixelRatio]);
  return <canvas ref={canvasRef} className="overlay" data-testid="skeleton-overlay" aria-hidden />;
}

function poseColours(): PoseColours {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return { left: colour('left'), right: colour('right'), middle: colour('middle'), hairline: colour('hairline') };
}
