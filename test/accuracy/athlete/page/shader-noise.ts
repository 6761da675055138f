/** GLSL value noise and its sums. `grain` shifts the pattern: one number per seed. */
export const noiseShader = `
uniform float grain;
float hash(vec3 p) {
  p = fract(p * vec3(0.1031, 0.1030, 0.0973) + grain);
  p += dot(p, p.yxz + 33.33);
  return fract((p.x + p.y) * p.z);
}
float noise(vec3 p) {
  vec3 i = floor(p), f = fract(p);
  f = f * f * (3.0 - 2.0 * f);
  return mix(
    mix(mix(hash(i), hash(i + vec3(1, 0, 0)), f.x), mix(hash(i + vec3(0, 1, 0)), hash(i + vec3(1, 1, 0)), f.x), f.y),
    mix(mix(hash(i + vec3(0, 0, 1)), hash(i + vec3(1, 0, 1)), f.x), mix(hash(i + vec3(0, 1, 1)), hash(i + vec3(1, 1, 1)), f.x), f.y),
    f.z);
}
float layeredNoise(vec3 p) {
  return 0.5 * noise(p) + 0.27 * noise(p * 2.07 + 7.1) + 0.15 * noise(p * 4.3 + 3.7) + 0.08 * noise(p * 8.9 + 1.3);
}
float line(float value, float halfWidth, float blur) {
  return 1.0 - smoothstep(halfWidth - blur, halfWidth + blur, abs(value));
}
`;
