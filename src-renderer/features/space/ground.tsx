import { useThree } from '@react-three/fiber';
import { useEffect } from 'react';
import { CircleGeometry, Color, Group, Mesh, ShaderMaterial, ShadowMaterial } from 'three';
import type { SpaceColours } from './use-space-colours.ts';

/** Where the floor has faded away, metres from the body. */
const edgeMetres = 5;

/** A line every metre, as wide as a pixel and a half from wherever it is seen; it fades before it can shimmer. */
const fragmentShader = `
  uniform vec3 floorColour;
  uniform vec3 lineColour;
  uniform vec3 middleColour;
  varying vec2 ground;
  float lines(vec2 at, vec2 wide) {
    vec2 near = abs(fract(at - 0.5) - 0.5) / wide;
    return 1.0 - min(min(near.x, near.y) / 1.5, 1.0);
  }
  void main() {
    vec2 wide = fwidth(ground);
    float far = length(ground) / ${edgeMetres.toFixed(1)};
    float fade = 1.0 - smoothstep(0.25, 1.0, far);
    float metre = lines(ground, wide) * (1.0 - smoothstep(0.25, 0.6, max(wide.x, wide.y)));
    vec2 axis = abs(ground) / wide;
    float middle = 1.0 - min(min(axis.x, axis.y) / 1.5, 1.0);
    vec3 colour = mix(mix(floorColour, lineColour, metre), middleColour, middle);
    gl_FragColor = vec4(colour, fade * fade);
    #include <colorspace_fragment>
  }
`;
const vertexShader = `
  varying vec2 ground;
  void main() {
    vec4 place = modelMatrix * vec4(position, 1.0);
    ground = place.xz;
    gl_Position = projectionMatrix * viewMatrix * place;
  }
`;

/** The floor at height 0 with a line every metre, and the body's shadow on it. */
export function Ground({ floor, line, middleLine, shade }: Omit<SpaceColours, 'athlete' | 'shadow'>) {
  const scene = useThree((state) => state.scene);
  const invalidate = useThree((state) => state.invalidate);
  useEffect(() => {
    const geometry = new CircleGeometry(edgeMetres, 64).rotateX(-Math.PI / 2);
    const surface = new ShaderMaterial({
      ...{ vertexShader, fragmentShader, transparent: true, depthWrite: false },
      uniforms: {
        floorColour: { value: new Color(floor) },
        lineColour: { value: new Color(line) },
        middleColour: { value: new Color(middleLine) },
      },
    });
    const shadow = new ShadowMaterial({ opacity: shade, depthWrite: false });
    const group = new Group();
    const surfaceMesh = new Mesh(geometry, surface);
    surfaceMesh.renderOrder = -2;
    const shadowMesh = new Mesh(geometry, shadow);
    shadowMesh.receiveShadow = true;
    shadowMesh.renderOrder = -1;
    shadowMesh.position.y = 0.001;
    group.add(surfaceMesh, shadowMesh);
    scene.add(group);
    invalidate();
    return () => {
      scene.remove(group);
      geometry.dispose();
      surface.dispose();
      shadow.dispose();
    };
  }, [scene, invalidate, floor, line, middleLine, shade]);
  return undefined;
}
