import { clothingShader } from './shader-clothing.ts';
import { noiseShader } from './shader-noise.ts';

export const athleteVertexShader = `#version 300 es
precision highp float;
layout(location = 0) in vec3 position;
layout(location = 1) in vec3 normal;
layout(location = 2) in vec3 atRest;
uniform mat4 viewProjection;
out vec3 restPoint, worldPoint, worldNormal;
void main() {
  restPoint = atRest;
  worldPoint = position;
  worldNormal = normal;
  gl_Position = viewProjection * vec4(position, 1.0);
}
`;

export const shadowVertexShader = `#version 300 es
precision highp float;
layout(location = 0) in vec3 position;
uniform mat4 viewProjection;
void main() {
  gl_Position = viewProjection * vec4(position, 1.0);
}
`;

export const shadowFragmentShader = `#version 300 es
precision highp float;
void main() {}
`;

/** How much of one light reaches a point: softened lookup in its shadow map. */
export const shadowLookup = `
float reached(highp sampler2DShadow map, mat4 lightProjection, vec3 p) {
  vec4 c = lightProjection * vec4(p, 1.0);
  vec3 s = c.xyz * 0.5 + 0.5;
  if (any(lessThan(s, vec3(0.0))) || any(greaterThan(s, vec3(1.0)))) return 1.0;
  float texel = 1.0 / float(textureSize(map, 0).x);
  float sum = 0.0;
  for (int i = 0; i < 4; i++) sum += texture(map, vec3(s.xy + (vec2(i & 1, i >> 1) - 0.5) * texel * 1.2, s.z));
  return sum / 4.0;
}
`;

/** One program for each part: software renderers pay for every branch, taken or not. */
export const athleteFragmentShader = (part: number, fine: boolean): string => `#version 300 es
#define PART ${part}
#define FINE ${fine ? 1 : 0}
precision highp float;
precision highp sampler2DShadow;
in vec3 restPoint, worldPoint, worldNormal;
out vec4 color;
uniform float bodySize;
uniform vec3 eye, sunDirection, sunColor, skyDirection, skyColor;
uniform mat4 sunProjection, skyProjection;
uniform sampler2DShadow sunShadow, skyShadow;
${noiseShader}
${shadowLookup}
${clothingShader}

/** Normal bent by a height that varies over the surface (Mikkelsen 2010). */
vec3 bumped(vec3 n, float height) {
  vec3 px = dFdx(worldPoint), py = dFdy(worldPoint);
  vec3 r1 = cross(py, n), r2 = cross(n, px);
  float det = dot(px, r1);
  vec3 gradient = sign(det) * (dFdx(height) * r1 + dFdy(height) * r2);
  vec3 bent = abs(det) * n - gradient;
  float size = length(bent);
  return size > 1e-12 ? bent / size : n;
}

void main() {
  vec3 q = restPoint / bodySize;
  Surface s = surfaceOf(q);
  vec3 n = bumped(normalize(worldNormal), s.height * bodySize);
  vec3 view = normalize(eye - worldPoint);
  float bias = 0.012;
  float sunSeen = reached(sunShadow, sunProjection, worldPoint + worldNormal * bias);
  float skySeen = reached(skyShadow, skyProjection, worldPoint + worldNormal * bias * 1.5);
  float facing = dot(n, sunDirection);
  vec3 soft = mix(vec3(0.0), vec3(0.28, 0.1, 0.06), s.flesh);
  vec3 direct = max((vec3(facing) + soft) / (1.0 + soft), 0.0) * sunSeen * sunColor;
  vec3 fromSky = max(dot(n, skyDirection), 0.0) * skySeen * skyColor;
  // Light thrown back by dirt and grass, less of it high above the ground.
  vec3 bounce = vec3(0.34, 0.22, 0.13) * (0.5 - 0.5 * n.z) * mix(1.0, 0.6, clamp(worldPoint.z / 1.8, 0.0, 1.0)) + vec3(0.035);
  vec3 lit = s.albedo * (direct + fromSky + bounce);
  vec3 halfway = normalize(view + sunDirection);
  float shine = pow(max(dot(n, halfway), 0.0), s.gloss) * s.shine * (s.gloss + 8.0) / 25.0;
  float rim = pow(1.0 - max(dot(n, view), 0.0), 4.0) * 0.12 * skySeen;
  lit += shine * sunSeen * sunColor * max(facing, 0.0) + rim * (s.albedo + 0.1) * skyColor * 0.4;
  color = vec4(lit, 1.0);
}
`;
