import { shadowLookup } from './shader-athlete.ts';

export const screenVertexShader = `#version 300 es
precision highp float;
out vec2 screen;
void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  screen = corner * 4.0 - 1.0;
  gl_Position = vec4(screen, 0.999, 1.0);
}
`;

/** How much of sun (r) and sky (g) the athlete keeps from the ground, for one instant. */
export const groundShadowFragmentShader = `#version 300 es
precision highp float;
precision highp sampler2DShadow;
out vec4 kept;
uniform sampler2D place;
uniform mat4 sunProjection, skyProjection;
uniform sampler2DShadow sunShadow, skyShadow;
uniform float skyShare, weight;
${shadowLookup}
void main() {
  vec4 ground = texelFetch(place, ivec2(gl_FragCoord.xy), 0);
  if (ground.w < 0.98) discard;
  float sun = 1.0 - reached(sunShadow, sunProjection, ground.xyz + vec3(0.0, 0.0, 0.004));
  float sky = 1.0 - reached(skyShadow, skyProjection, ground.xyz + vec3(0.0, 0.0, 0.01));
  kept = vec4(sun, sky * skyShare, 0.0, 0.0) * weight;
}
`;

export const addFragmentShader = `#version 300 es
precision highp float;
out vec4 color;
uniform sampler2D picture;
uniform float weight;
void main() {
  color = texelFetch(picture, ivec2(gl_FragCoord.xy), 0) * weight;
}
`;

/**
 * Athlete over shadowed ballpark; then a film-like curve (Narkowicz 2015 fit of ACES), a breath of vignette, and the
 * sRGB encoding.
 */
export const developFragmentShader = `#version 300 es
precision highp float;
in vec2 screen;
out vec4 color;
uniform sampler2D athlete, groundShadow, sunPart, skyPart;
uniform float exposure;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 front = texelFetch(athlete, at, 0);
  vec2 kept = texelFetch(groundShadow, at, 0).rg;
  vec3 behind = texelFetch(sunPart, at, 0).rgb * (1.0 - kept.r) + texelFetch(skyPart, at, 0).rgb * (1.0 - kept.g);
  vec3 c = (front.rgb + (1.0 - front.a) * behind) * exposure;
  c *= 1.0 - 0.13 * dot(screen, screen) * 0.5;
  c = clamp((c * (2.51 * c + 0.03)) / (c * (2.43 * c + 0.59) + 0.14), 0.0, 1.0);
  c = mix(c * 12.92, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
  color = vec4(c, 1.0);
}
`;
