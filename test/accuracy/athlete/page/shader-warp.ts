/** The place as a turned camera sees it: the wide view's three textures, drawn over to the picture's own pixels. */
export const warpFragmentShader = `#version 300 es
precision highp float;
layout(location = 0) out vec4 sunPart;
layout(location = 1) out vec4 skyPart;
layout(location = 2) out vec4 place;
uniform sampler2D wideSun, wideSky, widePlace;
uniform mat3 toWide;

vec4 between(sampler2D wide, vec2 at) {
  ivec2 most = textureSize(wide, 0) - 1;
  vec2 low = floor(at - 0.5), share = at - 0.5 - low;
  ivec2 a = clamp(ivec2(low), ivec2(0), most), b = clamp(ivec2(low) + 1, ivec2(0), most);
  return mix(
    mix(texelFetch(wide, a, 0), texelFetch(wide, ivec2(b.x, a.y), 0), share.x),
    mix(texelFetch(wide, ivec2(a.x, b.y), 0), texelFetch(wide, b, 0), share.x),
    share.y);
}
void main() {
  vec3 at = toWide * vec3(gl_FragCoord.xy, 1.0);
  vec2 pixel = at.xy / at.z;
  sunPart = between(wideSun, pixel);
  skyPart = between(wideSky, pixel);
  place = between(widePlace, pixel);
}
`;
