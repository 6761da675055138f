import { useFrame } from '@react-three/fiber';
import { useRef } from 'react';
import type { DirectionalLight } from 'three';

/** Metres around the body that a shadow can fall on. */
const reach = 1.9;

/** Daylight from above that casts the shadow, and a faint light from the eye, so that no side of the body is lost. */
export function Lights() {
  const fromEye = useRef<DirectionalLight>(null);
  useFrame(({ camera }) => {
    fromEye.current?.position.copy(camera.position);
  });
  return (
    <>
      <hemisphereLight args={['#ffffff', '#8a8f96', 1.35]} />
      <directionalLight
        position={[0.35, 5, 0.5]}
        intensity={1.5}
        castShadow
        shadow-mapSize={[1024, 1024]}
        shadow-camera-left={-reach}
        shadow-camera-right={reach}
        shadow-camera-top={reach}
        shadow-camera-bottom={-reach}
        shadow-camera-near={1}
        shadow-camera-far={7}
        shadow-radius={5}
        shadow-blurSamples={16}
        shadow-bias={-0.0005}
      />
      <directionalLight ref={fromEye} intensity={0.9} />
    </>
  );
}
