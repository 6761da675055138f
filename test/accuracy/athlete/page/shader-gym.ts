import { noiseShader } from './shader-noise.ts';

/**
 * A training hall behind the athlete, as one full-screen pass per lens sample: rubber floor, painted wall with a padded
 * foot and windows, ceiling with rows of lamps. Writes what `ballparkFragmentShader` writes; the sun comes in through a
 * roof light above the athlete and leaves the wall alone.
 */
export const gymFragmentShader = `#version 300 es
precision highp float;
in vec2 screen;
layout(location = 0) out vec4 sunPart;
layout(location = 1) out vec4 skyPart;
layout(location = 2) out vec4 place;
uniform mat4 clipToWorld;
uniform vec3 eye;
uniform vec3 lensRight, lensUp;
uniform float focusMetres;
uniform vec2 lens, jitter;
uniform vec3 sunDirection, sunColor;
uniform float weight;
uniform vec2 outward;
${noiseShader}

const float wallY = 5.5;
const float ceiling = 5.2;

vec2 room(vec2 p) {
  return vec2(p.x * outward.y - p.y * outward.x, dot(p, outward));
}

vec3 floorAt(vec2 p) {
  float speckle = smoothstep(0.66, 0.74, noise(vec3(p * 120.0, 1.0)));
  vec3 rubber = vec3(0.085, 0.088, 0.095) * (0.85 + 0.3 * layeredNoise(vec3(p * 3.0, 0.0)));
  rubber = mix(rubber, vec3(0.22, 0.25, 0.3), 0.7 * speckle);
  vec2 tile = abs(fract(p + 0.5) - 0.5);
  rubber *= 1.0 - 0.35 * line(min(tile.x, tile.y), 0.006, 0.004);
  // A wooden platform under the athlete, as under a squat rack or a pitching mat.
  vec2 inside = vec2(2.6, 1.25) - abs(p - vec2(0.9, 0.0));
  float plank = floor(p.y / 0.14);
  vec3 wood = mix(vec3(0.36, 0.21, 0.105), vec3(0.46, 0.29, 0.155), noise(vec3(p.x * 1.4, plank * 7.0, 3.0)));
  wood *= 0.86 + 0.22 * noise(vec3(p.x * 5.0, p.y * 90.0, 2.0));
  wood *= 1.0 - 0.4 * line(abs(fract(p.y / 0.14) - 0.5) - 0.5, 0.02, 0.012);
  return mix(rubber, wood, smoothstep(0.0, 0.012, min(inside.x, inside.y)));
}

vec3 wallAt(vec2 p) {
  vec3 paint = vec3(0.5, 0.52, 0.53) * (0.93 + 0.1 * layeredNoise(vec3(p * 0.7, 4.0)));
  vec2 brick = vec2(p.x / 0.4 + 0.5 * mod(floor(p.y / 0.2), 2.0), p.y / 0.2);
  vec2 joint = abs(fract(brick) - 0.5);
  paint *= 1.0 - 0.16 * smoothstep(0.465, 0.49, max(joint.x, joint.y * 0.98));
  paint = mix(paint, vec3(0.05, 0.13, 0.27), step(1.55, p.y) * step(p.y, 1.75));
  float panel = abs(fract(p.x / 1.22) - 0.5) * 1.22;
  vec3 pad = vec3(0.035, 0.09, 0.2) * (0.8 + 0.25 * noise(vec3(floor(p.x / 1.22), 2.0, 9.0))) * (1.0 - 0.6 * smoothstep(0.585, 0.605, panel));
  return mix(paint, pad, step(p.y, 1.25) * step(0.12, p.y));
}

void main() {
  vec4 farPoint = clipToWorld * vec4(screen + jitter, 1.0, 1.0);
  vec3 d = normalize(farPoint.xyz / farPoint.w - eye);
  vec3 forward = cross(lensUp, lensRight);
  vec3 focus = eye + d * (focusMetres / dot(d, forward));
  vec3 from = eye + lensRight * lens.x * 0.5 + lensUp * lens.y * 0.5;
  d = normalize(focus - from);
  vec3 start = vec3(room(from.xy), from.z), ray = vec3(room(d.xy), d.z);
  float toFloor = d.z < 0.0 ? -from.z / d.z : 1e9;
  float toCeiling = d.z > 0.0 ? (ceiling - from.z) / d.z : 1e9;
  float toWall = (wallY - start.y) / max(ray.y, 1e-4);
  vec3 sun = vec3(0.0), sky = vec3(0.0), where = vec3(0.0);
  float isGround = 0.0;
  vec3 glow = vec3(0.95, 0.97, 1.0);
  if (toFloor < min(toWall, toCeiling)) {
    where = from + d * toFloor;
    vec3 albedo = floorAt(where.xy);
    vec2 s = start.xy + ray.xy * toFloor;
    float pool = exp(-dot(s, s) / 60.0);
    sun = albedo * sunColor * sunDirection.z * pool;
    float corner = smoothstep(0.0, 1.6, wallY - s.y);
    sky = albedo * glow * 0.85 * (0.55 + 0.45 * corner);
    // The floor's sheen: a blurred reflection of wall and lamps.
    sky += glow * 0.05 * pow(1.0 - max(-d.z, 0.0), 4.0);
    isGround = 1.0;
  } else if (toWall < toCeiling) {
    vec3 p = start + ray * toWall;
    vec3 albedo = wallAt(p.xz);
    float open = (0.5 + 0.5 * smoothstep(0.0, 0.7, p.z)) * (0.75 + 0.25 * smoothstep(ceiling, 2.0, p.z));
    sky = albedo * glow * 1.05 * open;
    vec2 window = vec2(1.1, 0.5) - abs(vec2(mod(p.x, 4.4) - 2.2, p.z - 3.4));
    float inside = smoothstep(0.0, 0.02, min(window.x, window.y));
    float bars = line(mod(p.x - 0.55, 1.1) - 0.55, 0.03, 0.012);
    sky = mix(sky, mix(vec3(1.15, 1.25, 1.4), vec3(0.1), bars), inside);
  } else {
    vec3 p = start + ray * toCeiling;
    float beam = line(mod(p.x, 3.0) - 1.5, 0.14, 0.03);
    sky = mix(vec3(0.3, 0.31, 0.32), vec3(0.16), beam);
    vec2 lamp = vec2(0.75, 0.16) - abs(vec2(mod(p.x + 1.5, 3.0) - 1.5, mod(p.y, 2.2) - 1.1));
    sky = mix(sky, vec3(3.2, 3.2, 3.0), smoothstep(0.0, 0.05, min(lamp.x, lamp.y)));
  }
  sunPart = vec4(sun, 1.0) * weight;
  skyPart = vec4(sky, 1.0) * weight;
  place = vec4(where, isGround) * weight;
}
`;
