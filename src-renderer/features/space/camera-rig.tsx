import { useFrame, useThree } from '@react-three/fiber';
import { useEffect, useRef } from 'react';
import { Spherical, Vector3 } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { Vector } from '../../../worker/biomechanics/vectors.ts';
import { cameraPlace } from './camera-place.ts';
import type { CameraPreset } from './space-store.ts';

interface CameraRigProps {
  readonly preset: CameraPreset | undefined;
  /** Changes when the preset is wished for, be it the same. */
  readonly looks: number;
  readonly forward: Vector;
  /** A hand has taken hold of the view. */
  readonly onHeld: () => void;
}

interface Flight {
  readonly startedAt: number;
  readonly from: Spherical;
  readonly to: Spherical;
  readonly fromTarget: Vector3;
  readonly toTarget: Vector3;
}

const flightMilliseconds = 320;

/** Orbit, pan and zoom with the pointer; flies to a preset when one is wished for. Draws only while something moves. */
export function CameraRig({ preset, looks, forward, onHeld }: CameraRigProps) {
  const camera = useThree((state) => state.camera);
  const element = useThree((state) => state.gl.domElement);
  const invalidate = useThree((state) => state.invalidate);
  const aspect = useThree(({ size }) => size.width / Math.max(1, size.height));
  const controlsRef = useRef<OrbitControls>(undefined);
  const flightRef = useRef<Flight>(undefined);
  const lookedRef = useRef<number>(undefined);

  useEffect(() => {
    const controls = new OrbitControls(camera, element);
    Object.assign(controls, { enableDamping: true, dampingFactor: 0.14, minDistance: 0.8, maxDistance: 16 });
    // The floor is never seen from below.
    controls.maxPolarAngle = Math.PI / 2 - 0.01;
    const held = () => {
      flightRef.current = undefined;
      onHeld();
    };
    const moved = () => invalidate();
    controls.addEventListener('start', held);
    controls.addEventListener('change', moved);
    controlsRef.current = controls;
    return () => {
      controls.removeEventListener('start', held);
      controls.removeEventListener('change', moved);
      controls.dispose();
      controlsRef.current = undefined;
      lookedRef.current = undefined;
    };
  }, [camera, element, invalidate, onHeld]);

  useEffect(() => {
    const controls = controlsRef.current;
    if (controls === undefined || preset === undefined) return;
    const place = cameraPlace({ preset, forward, aspect });
    const target = vector(place.target);
    const to = new Spherical().setFromVector3(vector(place.position).sub(target));
    const isNewWish = lookedRef.current !== undefined && lookedRef.current !== looks;
    lookedRef.current = looks;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (isNewWish && !still) {
      const from = new Spherical().setFromVector3(camera.position.clone().sub(controls.target));
      to.theta = from.theta + shortestTurn(to.theta - from.theta);
      const fromTarget = controls.target.clone();
      flightRef.current = { startedAt: performance.now(), from, to, fromTarget, toTarget: target };
    } else {
      flightRef.current = undefined;
      controls.target.copy(target);
      camera.position.setFromSpherical(to).add(target);
      camera.lookAt(target);
    }
    invalidate();
  }, [camera, invalidate, preset, looks, forward, aspect]);

  useFrame(() => {
    const controls = controlsRef.current;
    if (controls === undefined) return;
    const flight = flightRef.current;
    if (flight !== undefined) {
      const share = Math.min(1, (performance.now() - flight.startedAt) / flightMilliseconds);
      const eased = share * share * (3 - 2 * share);
      const mix = (a: number, b: number) => a + (b - a) * eased;
      controls.target.lerpVectors(flight.fromTarget, flight.toTarget, eased);
      camera.position
        .setFromSphericalCoords(
          mix(flight.from.radius, flight.to.radius),
          mix(flight.from.phi, flight.to.phi),
          mix(flight.from.theta, flight.to.theta),
        )
        .add(controls.target);
      if (share === 1) flightRef.current = undefined;
      invalidate();
    }
    controls.update();
  });
  return undefined;
}

function vector([x = 0, y = 0, z = 0]: Vector): Vector3 {
  return new Vector3(x, y, z);
}

function shortestTurn(radians: number): number {
  return radians - 2 * Math.PI * Math.round(radians / (2 * Math.PI));
}
