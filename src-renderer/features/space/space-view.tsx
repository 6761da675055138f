import { Canvas, type RootState } from '@react-three/fiber';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Vector } from '../../../worker/biomechanics/vectors.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { fieldOfViewDegrees } from './camera-place.ts';
import { CameraRig } from './camera-rig.tsx';
import { canDrawSpace } from './can-draw-space.ts';
import { Ground } from './ground.tsx';
import { Lights } from './lights.tsx';
import { type DrawnSpace, ShownFigures } from './shown-figures.tsx';
import type { SpaceFigure } from './space-figure.ts';
import { useSpaceColours } from './use-space-colours.ts';

interface SpaceViewProps {
  /** Drawn in their order; a translucent one belongs behind a solid one. The same array as long as they are the same. */
  readonly figures: readonly SpaceFigure[];
  /** Where "front" is seen from, over the ground, length 1. */
  readonly forward: Vector;
}

/** Bodies on a floor, in step with the shown frame. Stands still, and costs nothing, while nothing changes. */
export function SpaceView(props: SpaceViewProps) {
  if (canDrawSpace()) return <SpaceCanvas {...props} />;
  return (
    <p className="space-problem" role="status">
      This computer cannot draw in 3D here: WebGL 2 is missing or switched off. Video and measurements are complete
      without it.
    </p>
  );
}

function SpaceCanvas({ figures, forward }: SpaceViewProps) {
  const { playback, space } = useAppStores();
  const { preset, looks, trailShown } = useStore(space);
  const { athlete: _, shadow: __, ...ground } = useSpaceColours();
  const frameRef = useRef<HTMLDivElement>(null);
  const [root, setRoot] = useState<RootState>();
  const [isLost, setLost] = useState(false);
  const drawn = useCallback(({ frame, joints, geometries }: DrawnSpace) => {
    const data = frameRef.current?.dataset;
    if (data === undefined) return;
    data['frame'] = frame === undefined ? '' : String(frame);
    data['jointsDrawn'] = String(joints);
    data['geometries'] = String(geometries);
  }, []);
  useEffect(() => {
    if (root === undefined) return undefined;
    const { domElement } = root.gl;
    const lost = () => setLost(true);
    const restored = () => {
      setLost(false);
      root.invalidate();
    };
    domElement.addEventListener('webglcontextlost', lost);
    domElement.addEventListener('webglcontextrestored', restored);
    return () => {
      domElement.removeEventListener('webglcontextlost', lost);
      domElement.removeEventListener('webglcontextrestored', restored);
    };
  }, [root]);
  return (
    <div className="space-view" ref={frameRef} data-testid="space-view" data-preset={preset ?? 'free'}>
      <Canvas
        frameloop="demand"
        shadows="variance"
        flat
        dpr={[1, 2]}
        camera={{ fov: fieldOfViewDegrees, near: 0.1, far: 60 }}
        resize={{ debounce: 0 }}
        onCreated={setRoot}
        aria-label="The body in space"
      >
        <Lights />
        <Ground {...ground} />
        <CameraRig preset={preset} looks={looks} forward={forward} onHeld={space.getState().lookFreely} />
        <ShownFigures figures={figures} playback={playback} trailShown={trailShown} onDrawn={drawn} />
      </Canvas>
      {isLost ? (
        <p className="space-problem" role="status">
          The graphics card has let go of the picture. It comes back as soon as the card is free.
        </p>
      ) : undefined}
    </div>
  );
}
