import type { SceneData } from '../scene/scene.ts';
import type { Vector3 } from '../vector.ts';
import { createTarget, type Gl, type Program, type Target } from './graphics.ts';
import { ballparkFragmentShader } from './shader-ballpark.ts';
import { gymFragmentShader } from './shader-gym.ts';

/** Radius of the lens opening, metres: far things are soft, the athlete is sharp. */
const lensRadius = 0.026;

/** How each place is drawn, for `screenVertexShader`. */
export const backdropFragmentShaders: Readonly<Record<SceneData['place'], string>> = {
  ballpark: ballparkFragmentShader,
  gym: gymFragmentShader,
};

export function backdropFormats(gl: Gl): readonly number[] {
  return [gl.RGBA32F, gl.RGBA32F, gl.RGBA32F];
}

/** Draws the empty place once: textures of its sunlight, its skylight, and the place of the ground in each pixel. */
export function drawBackdrop(gl: Gl, program: Program, scene: SceneData, sunColor: Vector3): Target {
  const { lensPoints } = scene;
  const view = scene.wideView ?? scene.view;
  const target = createTarget(gl, view.width, view.height, backdropFormats(gl), false);
  program.activate();
  gl.disable(gl.DEPTH_TEST);
  gl.viewport(0, 0, view.width, view.height);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE);
  gl.uniformMatrix4fv(program.at('clipToWorld'), false, view.clipToWorld);
  gl.uniform3fv(program.at('eye'), view.eye);
  gl.uniform3fv(program.at('lensRight'), view.right);
  gl.uniform3fv(program.at('lensUp'), view.up);
  gl.uniform1f(program.at('focusMetres'), view.focusMetres);
  gl.uniform2fv(program.at('outward'), scene.outward);
  gl.uniform3fv(program.at('sunDirection'), scene.sunDirection);
  gl.uniform3fv(program.at('sunColor'), sunColor);
  gl.uniform1f(program.at('grain'), scene.grain);
  gl.uniform1f(program.at('weight'), 1 / lensPoints.length);
  lensPoints.forEach(([x, y], index) => {
    const spread = (index + 0.5) / lensPoints.length;
    gl.uniform2f(program.at('lens'), x * lensRadius, y * lensRadius);
    gl.uniform2f(program.at('jitter'), (spread * 2 - 1) / view.width, (((index * 0.618) % 1) * 2 - 1) / view.height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  });
  gl.disable(gl.BLEND);
  return target;
}
