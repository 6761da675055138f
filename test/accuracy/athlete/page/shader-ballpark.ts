import { noiseShader } from './shader-noise.ts';

/**
 * The ballpark behind the athlete as one full-screen pass per lens sample: pitcher's mound, infield with base line and
 * first base, padded wall, trees and sky. Writes the light of the sun, the light of the sky, and where the ground is.
 */
export const ballparkFragmentShader = `#version 300 es
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

const float fieldLevel = -0.254;
const float wallY = 29.0;

/** Level coordinates turned so that the wall lies along x, at y = wallY: the scenery is always opposite the camera. */
vec2 scenery(vec2 p) {
  return vec2(p.x * outward.y - p.y * outward.x, dot(p, outward));
}

float moundDistance(vec2 p) {
  return length(max(abs(p - vec2(-0.205, 0.0)) - vec2(0.355, 0.76), 0.0));
}
float groundHeight(vec2 p) {
  return max(-moundDistance(p) / 12.0, fieldLevel);
}
vec3 groundNormal(vec2 p) {
  vec2 e = vec2(0.04, 0.0);
  vec3 n = vec3(groundHeight(p - e.xy) - groundHeight(p + e.xy), groundHeight(p - e.yx) - groundHeight(p + e.yx), 0.08);
  return normalize(n);
}

vec3 skyColor(vec3 d) {
  vec3 zenith = vec3(0.16, 0.36, 0.78), low = vec3(0.62, 0.78, 0.95);
  vec3 c = mix(low, zenith, pow(max(d.z, 0.0) * 1.6, 0.6));
  float cloud = layeredNoise(vec3(d.x * 5.0, d.z * 14.0, 2.0) + vec3(0.0, 0.0, 1.0));
  return mix(c, vec3(1.0, 0.98, 0.95), smoothstep(0.45, 0.75, cloud) * 0.85);
}

struct Ground { vec3 albedo; vec3 normal; };

Ground groundAt(vec2 p, float far) {
  vec3 n = groundNormal(p);
  float coarse = layeredNoise(vec3(p * 1.6, 0.0));
  float fine = noise(vec3(p * 55.0, 3.0));
  float finest = noise(vec3(p * 160.0, 5.0));
  vec2 s = scenery(p);
  // Mowing stripes run away from the camera at a slant.
  float stripe = smoothstep(-0.12, 0.12, sin((s.x * 0.95 + s.y * 0.22) * 1.35));
  vec3 grass = mix(vec3(0.066, 0.128, 0.03), vec3(0.098, 0.175, 0.046), stripe);
  float blades = mix(noise(vec3(p * vec2(70.0, 24.0), 1.0)), 0.5, smoothstep(10.0, 60.0, far));
  grass *= 0.72 + 0.3 * blades + 0.3 * coarse;
  vec3 dirt = mix(vec3(0.36, 0.205, 0.115), vec3(0.45, 0.275, 0.165), coarse);
  dirt *= 0.8 + 0.22 * fine + 0.14 * finest;
  float scuffs = smoothstep(0.62, 0.75, noise(vec3(p * vec2(7.0, 4.0), 9.0)));
  dirt *= 1.0 - 0.16 * scuffs;
  float edge = (coarse - 0.5) * 0.35 + (noise(vec3(p * 9.0, 2.0)) - 0.5) * 0.12;
  float onMound = 1.0 - smoothstep(-0.05, 0.05, length(p - vec2(0.46, 0.0)) - 2.74 + edge);
  // Base line from home plate (18.4, 0) to first base (-1, 19.4), with its strip of dirt.
  vec2 along = normalize(vec2(-1.0, 1.0));
  vec2 fromHome = s - vec2(18.4, 0.0);
  float across = dot(fromHome, vec2(along.y, -along.x));
  float onPath = 1.0 - smoothstep(-0.12, 0.12, abs(across) - 0.95 + edge);
  float cutout = 1.0 - smoothstep(-0.2, 0.2, length(s - vec2(-1.0, 19.4)) - 3.9 + edge);
  float track = smoothstep(-0.3, 0.3, s.y - (wallY - 4.2) + edge);
  float bare = max(max(onMound, onPath), max(cutout, track));
  vec3 color = mix(grass, dirt, bare);
  float chalk = line(across, 0.06, 0.02);
  color = mix(color, vec3(0.82), chalk * 0.9);
  n = normalize(n + vec3(fine - 0.5, noise(vec3(p * 55.0, 8.0)) - 0.5, 0.0) * mix(0.22, 0.3, bare) * (1.0 - smoothstep(8.0, 30.0, far)));
  return Ground(color, n);
}

void shade(vec3 albedo, vec3 n, float open, out vec3 sun, out vec3 sky) {
  sun = albedo * sunColor * max(dot(n, sunDirection), 0.0);
  sky = albedo * open * mix(vec3(0.22, 0.17, 0.11), vec3(0.52, 0.66, 0.9), 0.5 + 0.5 * n.z);
}

void main() {
  vec4 farPoint = clipToWorld * vec4(screen + jitter, 1.0, 1.0);
  vec3 d = normalize(farPoint.xyz / farPoint.w - eye);
  vec3 forward = cross(lensUp, lensRight);
  vec3 focus = eye + d * (focusMetres / dot(d, forward));
  vec3 from = eye + lensRight * lens.x + lensUp * lens.y;
  d = normalize(focus - from);

  vec3 sun = vec3(0.0), sky = vec3(0.0), where = vec3(0.0);
  float isGround = 0.0;
  float t = d.z < 0.0 ? (fieldLevel - from.z) / d.z : 1e9;
  for (int i = 0; i < 8; i++) {
    vec3 p = from + d * t;
    if (t < 200.0) t += (groundHeight(p.xy) - p.z) / min(d.z, -0.01) * 0.8;
  }
  vec3 wallNormal = vec3(-outward, 0.0);
  vec3 fromScenery = vec3(scenery(from.xy), from.z), ray = vec3(scenery(d.xy), d.z);
  float wall = (wallY - fromScenery.y) / ray.y;
  float wallTop = 2.35;
  vec3 atWall = fromScenery + ray * wall;
  if (t < wall) {
    where = from + d * t;
    Ground g = groundAt(where.xy, t);
    shade(g.albedo, g.normal, 1.0, sun, sky);
    vec2 rubber = abs(where.xy - vec2(-0.13, 0.0)) - vec2(0.075, 0.305);
    if (max(rubber.x, rubber.y) < 0.0) shade(vec3(0.74, 0.72, 0.69) * (0.8 + 0.3 * noise(vec3(where.xy * 20.0, 0.0))), vec3(0, 0, 1), 1.0, sun, sky);
    isGround = 1.0;
  } else if (atWall.z < wallTop) {
    float panel = abs(fract(atWall.x / 2.44) - 0.5) * 2.44;
    float groove = smoothstep(1.19, 1.215, panel);
    vec3 pad = mix(vec3(0.018, 0.085, 0.06), vec3(0.03, 0.115, 0.08), noise(vec3(floor(atWall.x / 2.44), 1.0, 4.0)));
    pad *= 1.0 - 0.65 * groove;
    pad *= 0.86 + 0.22 * layeredNoise(vec3(atWall.xz * vec2(1.2, 3.0), 7.0));
    pad = mix(pad, vec3(0.75, 0.6, 0.12), smoothstep(wallTop - 0.1, wallTop - 0.08, atWall.z));
    float contact = smoothstep(fieldLevel, fieldLevel + 0.5, atWall.z);
    shade(pad, wallNormal, 0.5 + 0.5 * contact, sun, sky);
  } else {
    sky = skyColor(ray);
    // Two rows of trees, the farther one hazier.
    for (int row = 1; row >= 0; row--) {
      float y = row == 1 ? 92.0 : 56.0;
      vec3 p = fromScenery + ray * ((y - fromScenery.y) / ray.y);
      float crown = 2.3 + float(row) * 3.6 + 4.2 * noise(vec3(p.x * 0.16, float(row) * 9.0, 0.0)) + 1.5 * noise(vec3(p.x * 0.7, 1.0, float(row)))
        + 0.5 * noise(vec3(p.x * 2.6, p.z * 2.6, 2.0));
      float leaf = smoothstep(0.0, 0.25, crown - p.z + 0.6 * (noise(vec3(p.xz * 3.1, 5.0)) - 0.5));
      if (leaf <= 0.0) continue;
      float clump = layeredNoise(vec3(p.xz * vec2(0.75, 1.0), 3.0 + float(row)));
      float lit = smoothstep(0.35, 0.7, clump + 0.05 * (p.z - crown));
      vec3 leaves = mix(vec3(0.02, 0.05, 0.018), vec3(0.13, 0.2, 0.05), lit) * (0.75 + 0.5 * noise(vec3(p.xz * 5.0, 8.0)));
      vec3 c = leaves * (sunColor * 0.55 + vec3(0.4, 0.5, 0.6));
      c = mix(c, vec3(0.5, 0.64, 0.8), row == 1 ? 0.34 : 0.1);
      sky = mix(sky, c, leaf);
    }
    // Rail and chain-link above the wall.
    float post = line(fract(atWall.x / 2.44) - 0.5, 0.012, 0.006);
    float rail = line(atWall.z - 3.3, 0.03, 0.015);
    float mesh = atWall.z < 3.3 ? 0.16 + 0.8 * post : 0.0;
    sky = mix(sky, vec3(0.09, 0.12, 0.11), max(mesh, rail));
  }
  // First base: a white bag, 38 cm square, 9 cm high.
  vec3 low = vec3(-1.19, 19.21, fieldLevel), high = vec3(-0.81, 19.59, fieldLevel + 0.1);
  vec3 a = (low - fromScenery) / ray, b = (high - fromScenery) / ray;
  vec3 near3 = min(a, b), far3 = max(a, b);
  float enter = max(max(near3.x, near3.y), near3.z);
  if (enter < min(min(far3.x, far3.y), far3.z) && enter > 0.0) {
    shade(vec3(0.85), enter == near3.z ? vec3(0, 0, 1) : wallNormal, 1.0, sun, sky);
    isGround = 0.0;
  }
  sunPart = vec4(sun, 1.0) * weight;
  skyPart = vec4(sky, 1.0) * weight;
  place = vec4(where, isGround) * weight;
}
`;
