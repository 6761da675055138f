/** Draws the athlete in his place: entry of the page. */
import { ballRadius } from '../body/ball.ts';
import { partNames } from '../body/part-names.ts';
import type { AthleteStage, FrameData, InstantData, PixelArea, SceneData } from '../scene/scene.ts';
import type { Vector3 } from '../vector.ts';
import { backdropFormats, backdropFragmentShaders, drawBackdrop } from './backdrop-pass.ts';
import { ballMesh } from './ball-mesh.ts';
import { toBase64 } from './base64.ts';
import { type CarriedPart, createCarriedPart } from './carried-part.ts';
import { drawableData } from './drawable-data.ts';
import {
  bindTexture,
  createProgram,
  createShadowTarget,
  createTarget,
  type Gl,
  type Program,
  type Target,
} from './graphics.ts';
import { lightProjection } from './light-view.ts';
import { openContext } from './open-context.ts';
import { unionArea } from './pixel-area.ts';
import {
  athleteFragmentShader,
  athleteVertexShader,
  shadowFragmentShader,
  shadowVertexShader,
} from './shader-athlete.ts';
import {
  addFragmentShader,
  developFragmentShader,
  groundShadowFragmentShader,
  screenVertexShader,
} from './shader-compose.ts';
import { warpFragmentShader } from './shader-warp.ts';
import { shiftedView } from './shifted-view.ts';

/** Half the width of what the shadow maps cover, metres. */
const shadowRadius = 2.2;
const sunColor: Vector3 = [2.55, 2.3, 1.95];
const skyColor: Vector3 = [0.62, 0.76, 1.02];
const exposure = 0.62;

interface Room {
  readonly scene: SceneData;
  readonly parts: readonly OpenPart[];
  /** The empty place as the still camera sees it, and as the camera sees it now: the same when it never moves. */
  readonly still: Target;
  readonly backdrop: Target;
  readonly shadowMaps: { readonly sun: Target; readonly sky: Target };
  /** One instant of the athlete; alpha is 1 on it. */
  readonly instant: Target;
  /** Sums over the exposure. */
  readonly athleteSum: Target;
  readonly shadowSum: Target;
  /** What the last frame left in the picture; absent before the first. */
  drawn: readonly PixelArea[] | undefined;
}

interface OpenPart {
  readonly carried: CarriedPart;
  readonly program: Program;
  readonly boneRows: 'boneRows' | 'ballRows';
}

interface Light {
  readonly matrix: Float32Array;
  readonly shadow: Target;
}

function createStage(gl: Gl): AthleteStage {
  const programs = {
    shadow: createProgram(gl, shadowVertexShader, shadowFragmentShader),
    groundShadow: createProgram(gl, screenVertexShader, groundShadowFragmentShader),
    add: createProgram(gl, screenVertexShader, addFragmentShader),
    develop: createProgram(gl, screenVertexShader, developFragmentShader),
    warp: createProgram(gl, screenVertexShader, warpFragmentShader),
  };
  // Compiled when first needed: software renderers take seconds for all of them.
  const programsOnDemand = new Map<string, Program>();
  const onDemand = (name: string, vertex: string, fragment: () => string): Program => {
    const program = programsOnDemand.get(name) ?? createProgram(gl, vertex, fragment());
    programsOnDemand.set(name, program);
    return program;
  };
  const athleteProgram = (part: number, fine: boolean): Program =>
    onDemand(`part ${part}, ${fine}`, athleteVertexShader, () => athleteFragmentShader(part, fine));
  const noVertices = gl.createVertexArray();
  let room: Room | undefined;

  function fillScreen(program: Program): void {
    gl.bindVertexArray(noVertices);
    gl.disable(gl.DEPTH_TEST);
    program.activate();
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  function drawInto(target: Target | undefined, { view }: SceneData, area?: PixelArea): void {
    gl.bindFramebuffer(gl.FRAMEBUFFER, target?.framebuffer ?? null);
    gl.viewport(0, 0, view.width, view.height);
    if (area) gl.enable(gl.SCISSOR_TEST);
    else gl.disable(gl.SCISSOR_TEST);
    if (area) gl.scissor(area.x, area.y, area.width, area.height);
  }

  function drawPart(part: CarriedPart): void {
    gl.enable(gl.DEPTH_TEST);
    gl.enable(gl.CULL_FACE);
    gl.bindVertexArray(part.array);
    gl.drawElements(gl.TRIANGLES, part.indexCount, gl.UNSIGNED_INT, 0);
  }

  function castShadow(shadow: Target, toLight: Vector3, now: Room, center: Vector3): Light {
    const matrix = lightProjection(toLight, center, shadowRadius);
    gl.bindFramebuffer(gl.FRAMEBUFFER, shadow.framebuffer);
    gl.disable(gl.SCISSOR_TEST);
    gl.viewport(0, 0, now.scene.shadowSize, now.scene.shadowSize);
    gl.clear(gl.DEPTH_BUFFER_BIT);
    programs.shadow.activate();
    gl.uniformMatrix4fv(programs.shadow.at('viewProjection'), false, matrix);
    for (const part of now.parts) drawPart(part.carried);
    return { matrix, shadow };
  }

  function bindLights(program: Program, sun: Light, sky: Light): void {
    program.activate();
    bindTexture(gl, program, 'sunShadow', 0, sun.shadow.textures[0]);
    bindTexture(gl, program, 'skyShadow', 1, sky.shadow.textures[0]);
    gl.uniformMatrix4fv(program.at('sunProjection'), false, sun.matrix);
    gl.uniformMatrix4fv(program.at('skyProjection'), false, sky.matrix);
  }

  function drawAthlete(now: Room, frame: FrameData, instant: InstantData, lights: readonly [Light, Light]): void {
    const { scene } = now;
    const { view, palette } = scene;
    const { viewProjection } = frame.turned ?? view;
    const jittered = shiftedView({ ...view, viewProjection }, instant.jitter);
    const vectors: Readonly<Record<string, Vector3>> = {
      eye: view.eye,
      sunDirection: instant.sunDirection,
      sunColor,
      skyDirection: instant.skyDirection,
      // A sky of radiance L seen through evenly spread directions, one at a time: each gives 2 L cos(slant).
      skyColor: [skyColor[0] * 2, skyColor[1] * 2, skyColor[2] * 2],
      hipAtRest: scene.hipAtRest,
      ankleAtRest: scene.ankleAtRest,
      shoulderAtRest: scene.shoulderAtRest,
      skinColor: palette.skin,
      hairColor: palette.hair,
      teamColor: palette.team,
      trimColor: palette.trim,
      clothColor: palette.cloth,
    };
    for (const { carried, program } of now.parts) {
      bindLights(program, ...lights);
      gl.uniformMatrix4fv(program.at('viewProjection'), false, jittered);
      for (const [name, value] of Object.entries(vectors)) gl.uniform3fv(program.at(name), value);
      gl.uniform1f(program.at('bodySize'), scene.bodySize);
      gl.uniform1f(program.at('grain'), scene.grain);
      drawPart(carried);
    }
  }

  function carry(now: Room, instant: InstantData): void {
    for (const { carried, boneRows } of now.parts) carried.carry(instant[boneRows]);
  }

  function shareSun(now: Room, frame: FrameData): Light | undefined {
    const middle = frame.instants[Math.floor(frame.instants.length / 2)];
    if (!middle || !frame.sharesSunShadow) return undefined;
    carry(now, middle);
    return castShadow(now.shadowMaps.sun, now.scene.sunDirection, now, frame.center);
  }

  function drawInstant(now: Room, frame: FrameData, instant: InstantData, sharedSun: Light | undefined): void {
    const weight = 1 / frame.instants.length;
    carry(now, instant);
    const sun = sharedSun ?? castShadow(now.shadowMaps.sun, instant.sunDirection, now, frame.center);
    const sky = castShadow(now.shadowMaps.sky, instant.skyDirection, now, frame.center);

    drawInto(now.instant, now.scene, frame.athleteArea);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    drawAthlete(now, frame, instant, [sun, sky]);

    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE);
    drawInto(now.shadowSum, now.scene, frame.shadowArea);
    bindLights(programs.groundShadow, sun, sky);
    bindTexture(gl, programs.groundShadow, 'place', 2, now.backdrop.textures[2]);
    gl.uniform1f(programs.groundShadow.at('skyShare'), 2 * instant.skyDirection[2]);
    gl.uniform1f(programs.groundShadow.at('weight'), weight);
    fillScreen(programs.groundShadow);

    drawInto(now.athleteSum, now.scene, frame.athleteArea);
    programs.add.activate();
    bindTexture(gl, programs.add, 'picture', 0, now.instant.textures[0]);
    gl.uniform1f(programs.add.at('weight'), weight);
    fillScreen(programs.add);
    gl.disable(gl.BLEND);
  }

  function develop(now: Room, area: PixelArea): Uint8Array {
    const program = programs.develop;
    drawInto(undefined, now.scene, area);
    program.activate();
    bindTexture(gl, program, 'athlete', 0, now.athleteSum.textures[0]);
    bindTexture(gl, program, 'groundShadow', 1, now.shadowSum.textures[0]);
    bindTexture(gl, program, 'sunPart', 2, now.backdrop.textures[0]);
    bindTexture(gl, program, 'skyPart', 3, now.backdrop.textures[1]);
    gl.uniform1f(program.at('exposure'), exposure);
    fillScreen(program);
    const pixels = new Uint8Array(area.width * area.height * 4);
    gl.readPixels(area.x, area.y, area.width, area.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    const problem = gl.getError();
    if (problem !== gl.NO_ERROR) throw new Error(`WebGL error ${problem}`);
    return pixels;
  }

  /** Draws the place over for a camera that turned. */
  function turn(now: Room, toWide: readonly number[]): void {
    drawInto(now.backdrop, now.scene);
    programs.warp.activate();
    ['wideSun', 'wideSky', 'widePlace'].forEach((name, index) => {
      bindTexture(gl, programs.warp, name, index, now.still.textures[index]);
    });
    gl.uniformMatrix3fv(programs.warp.at('toWide'), false, toWide);
    fillScreen(programs.warp);
  }

  function openRoom(scene: SceneData): Room {
    const { width, height } = scene.view;
    const { place } = scene;
    const program = onDemand(place, screenVertexShader, () => backdropFragmentShaders[place]);
    const still = drawBackdrop(gl, program, scene, sunColor);
    return {
      scene,
      still,
      backdrop: scene.wideView ? createTarget(gl, width, height, backdropFormats(gl), false) : still,
      shadowMaps: { sun: createShadowTarget(gl, scene.shadowSize), sky: createShadowTarget(gl, scene.shadowSize) },
      parts: [
        ...scene.parts.map(
          (part): OpenPart => ({
            carried: createCarriedPart(gl, drawableData(part)),
            program: athleteProgram(partNames.indexOf(part.name), scene.fine),
            boneRows: 'boneRows',
          }),
        ),
        {
          carried: createCarriedPart(gl, ballMesh(ballRadius)),
          program: athleteProgram(partNames.length, scene.fine),
          boneRows: 'ballRows',
        },
      ],
      instant: createTarget(gl, width, height, [gl.RGBA16F], true),
      athleteSum: createTarget(gl, width, height, [gl.RGBA32F], false),
      shadowSum: createTarget(gl, width, height, [gl.RGBA16F], false),
      drawn: undefined,
    };
  }

  function closeRoom({ still, backdrop, shadowMaps, instant, athleteSum, shadowSum, parts }: Room): void {
    const targets = new Set([still, backdrop, shadowMaps.sun, shadowMaps.sky, instant, athleteSum, shadowSum]);
    for (const target of targets) target.close();
    for (const { carried } of parts) carried.close();
  }

  return {
    setUp(scene) {
      if (room) closeRoom(room);
      gl.canvas.width = scene.view.width;
      gl.canvas.height = scene.view.height;
      gl.clearColor(0, 0, 0, 0);
      gl.disable(gl.SCISSOR_TEST);
      gl.bindVertexArray(noVertices);
      room = openRoom(scene);
    },
    draw(frame) {
      if (!room) throw new Error('draw before setUp');
      const { width, height } = room.scene.view;
      const touched = [frame.athleteArea, frame.shadowArea];
      const { drawn } = room;
      const areas =
        frame.turned || !drawn
          ? [{ x: 0, y: 0, width, height }]
          : touched.map((area, index) => unionArea(area, drawn[index] ?? area));
      room.drawn = touched;
      if (frame.turned) turn(room, frame.turned.toWide);
      for (const target of [room.athleteSum, room.shadowSum]) {
        for (const area of areas) {
          drawInto(target, room.scene, area);
          gl.clear(gl.COLOR_BUFFER_BIT);
        }
      }
      const sun = shareSun(room, frame);
      for (const instant of frame.instants) drawInstant(room, frame, instant, sun);
      const now = room;
      return areas.map((area) => ({ ...area, pixels: toBase64(develop(now, area)) }));
    },
  };
}

(globalThis as { athleteStage?: AthleteStage }).athleteStage = createStage(openContext());
