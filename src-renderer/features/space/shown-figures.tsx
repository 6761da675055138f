import { useFrame, useThree } from '@react-three/fiber';
import { useEffect, useRef } from 'react';
import type { createPlaybackStore } from '../analysis/playback-store.ts';
import { createFigureBody, type FigureBody } from './figure-body.ts';
import { createGhostTrail, type GhostTrail } from './ghost-trail.ts';
import type { SpaceFigure } from './space-figure.ts';
import { trailPath } from './trail-path.ts';

/** What a drawn picture holds. */
export interface DrawnSpace {
  readonly frame: number | undefined;
  /** Of all figures. */
  readonly joints: number;
  /** What the graphics card keeps for this view: does not grow as long as the figures are the same. */
  readonly geometries: number;
}

interface ShownFiguresProps {
  readonly figures: readonly SpaceFigure[];
  readonly playback: ReturnType<typeof createPlaybackStore>;
  readonly trailShown: boolean;
  readonly onDrawn: (drawn: DrawnSpace) => void;
}

interface Shown {
  readonly figure: SpaceFigure;
  readonly body: FigureBody;
  readonly trail: GhostTrail | undefined;
}

/** Poses the figures as the shown frame has them and draws, in the rendering step that shows the frame. */
export function ShownFigures({ figures, playback, trailShown, onDrawn }: ShownFiguresProps) {
  const scene = useThree((state) => state.scene);
  const invalidate = useThree((state) => state.invalidate);
  const shownRef = useRef<readonly Shown[]>([]);
  const posedRef = useRef<{ frame: number | undefined; joints: number }>(undefined);

  useEffect(() => {
    const shown = figures.map((figure): Shown => {
      const { trail, palette } = figure;
      const side = trail?.joint.startsWith('left') ? 'left' : 'right';
      return {
        ...{ figure, body: createFigureBody(figure) },
        trail: trail === undefined ? undefined : createGhostTrail(palette[side]),
      };
    });
    for (const { body, trail } of shown) scene.add(body.group, ...(trail === undefined ? [] : [trail.mesh]));
    shownRef.current = shown;
    posedRef.current = undefined;
    invalidate();
    return () => {
      for (const { body, trail } of shown) {
        scene.remove(body.group, ...(trail === undefined ? [] : [trail.mesh]));
        body.dispose();
        trail?.dispose();
      }
      shownRef.current = [];
    };
  }, [scene, invalidate, figures]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whether the trail is shown changes what is drawn.
  useEffect(() => {
    posedRef.current = undefined;
    invalidate();
  }, [invalidate, trailShown]);

  useEffect(
    () =>
      playback.subscribe((state, before) => {
        if (state.shownFrame !== before.shownFrame) invalidate();
      }),
    [playback, invalidate],
  );

  // The priority makes drawing this component's own affair.
  useFrame(({ gl, camera }) => {
    const frame = playback.getState().shownFrame;
    if (posedRef.current === undefined || posedRef.current.frame !== frame) {
      let joints = 0;
      for (const { figure, body, trail } of shownRef.current) {
        joints += body.pose(frame === undefined ? undefined : figure.jointsAt(frame));
        const path =
          trailShown && frame !== undefined && figure.trail ? trailPath(figure.trail, figure.jointsAt, frame) : [];
        trail?.follow(path);
      }
      posedRef.current = { frame, joints };
    }
    gl.render(scene, camera);
    onDrawn({ ...posedRef.current, geometries: gl.info.memory.geometries });
  }, 1);
  return undefined;
}
