import { clothes } from '../body/body-shape.ts';
import { face } from '../body/head-shape.ts';

function glsl(value: number): string {
  return value.toFixed(5);
}
function glsl3(value: readonly [number, number, number]): string {
  return `vec3(${value.map(glsl).join(', ')})`;
}

/**
 * What the athlete is made of, by the place on the body at rest (metres for the model height): uniform, skin, hair,
 * face, cap, glove, ball. PART: 0 body, 1 head, 2 cap, 3 hand, 4 glove, 5 ball.
 */
export const clothingShader = `
// Patterns finer than a small picture shows: half of a software renderer's time.
float fineNoise(vec3 p) {
#if FINE
  return noise(p);
#else
  return 0.5;
#endif
}

struct Surface { vec3 albedo; float height; float shine; float gloss; float flesh; };

uniform vec3 skinColor, hairColor, teamColor, trimColor, clothColor;
uniform vec3 hipAtRest, ankleAtRest, shoulderAtRest;

Surface skinAt(vec3 q) {
  float mottle = 0.6 * fineNoise(q * 38.0) + 0.4 * fineNoise(q * 90.0) - 0.5;
  vec3 c = skinColor * (1.0 + 0.16 * mottle) * mix(vec3(1.0), vec3(1.05, 0.96, 0.94), fineNoise(q * 14.0));
  return Surface(c, 0.0003 * fineNoise(q * 260.0), 0.035, 22.0, 1.0);
}

float folds(vec3 q) {
  // Stretched noise: long creases across the cloth.
  vec3 bent = q + 0.22 * fineNoise(q * 5.0);
  float wide = 0.65 * noise(bent * vec3(9.0, 9.0, 17.0)) + 0.35 * fineNoise(bent * vec3(19.0, 19.0, 36.0));
  float sharp = abs(fineNoise(bent * vec3(13.0, 13.0, 30.0) + 4.0) - 0.5);
  return 0.013 * wide + 0.005 * sharp;
}

Surface clothAt(vec3 tint, float weave, float fold) {
  return Surface(tint * (0.95 + 0.07 * weave), fold, 0.012, 9.0, 0.0);
}

/** Filled strokes of a big digit in a box of 1 x 1.5, lower left corner at 0. */
float digitOne(vec2 p) {
  return max(line(p.x - 0.6, 0.14, 0.02) * step(0.0, p.y) * step(p.y, 1.5), line(p.y - 1.28 - 0.6 * (p.x - 0.45), 0.12, 0.02) * step(0.22, p.x) * step(p.x, 0.6));
}
float digitSeven(vec2 p) {
  float bar = line(p.y - 1.37, 0.13, 0.02) * step(0.05, p.x) * step(p.x, 0.95);
  float leg = line((p.x - 0.3) * 0.92 - (p.y - 0.0) * 0.36, 0.14, 0.02) * step(0.0, p.y) * step(p.y, 1.4);
  return max(bar, leg);
}
float number(vec2 p) {
  return max(digitOne(p + vec2(1.0, 0.0)), digitSeven(p));
}

#if PART == 0
Surface bodyAt(vec3 q) {
  // Software renderers walk through both sides of a branch: whatever several branches need is computed once.
  Surface bare = skinAt(q);
  float weave = fineNoise(q * 420.0);
  float fold = folds(q);
  float soil = noise(q * 11.0) * 0.65 + fineNoise(q * 27.0) * 0.35;
  float side = abs(q.y);
  float fromShoulder = side - shoulderAtRest.y;
  if (q.z > 1.3 && fromShoulder > ${glsl(clothes.sleeveLength)} + 0.004) return bare;
  // The collar lies round the neck, lower in front where it opens.
  float round = length(vec2(q.x + 0.026 - 0.16 * (q.z - 1.5), q.y));
  float collar = max(0.084 - round, 0.0) - 0.55 * max(0.0, 1.56 - 0.3 * (q.x + 0.02) - 0.6 * max(0.0, 0.025 - side) * step(0.0, q.x) - q.z);
  bool atNeck = q.z > 1.48 && side < 0.14;
  if (atNeck && (collar > 0.0 || q.z > 1.6)) return bare;
  vec3 legAxis = ankleAtRest - hipAtRest;
  vec3 onLeft = vec3(q.x, side, q.z);
  float down = dot(onLeft - hipAtRest, legAxis) / dot(legAxis, legAxis);
  if (q.z > ${glsl(clothes.beltTop)}) {
    Surface s = clothAt(clothColor, weave, fold);
    float trim = 0.0;
    trim = max(trim, smoothstep(0.0, 0.002, fromShoulder - ${glsl(clothes.sleeveLength)} + 0.016) * step(1.3, q.z));
    trim = max(trim, float(atNeck) * line(round - 0.084, 0.008, 0.001) * step(1.5, q.z));
    float front = step(0.0, q.x);
    trim = max(trim, line(side - 0.016, 0.0028, 0.001) * front);
    s.albedo = mix(s.albedo, teamColor, trim);
    float buttonAt = mod(q.z, 0.075) - 0.0375;
    float button = 1.0 - smoothstep(0.0055, 0.0075, length(vec2(q.y, buttonAt)));
    s.albedo = mix(s.albedo, vec3(0.6), button * front * step(q.z, 1.5));
    s.height += front * (0.004 * line(side, 0.017, 0.004));
    float chest = number((vec2(q.y, q.z) - vec2(0.088, 1.345)) * vec2(1.0, 1.0) / 0.05) * front * step(0.02, q.y);
    float back = number(vec2(-q.y, q.z - 1.2) / 0.13 * 1.0) * (1.0 - front);
    s.albedo = mix(s.albedo, teamColor, max(chest, back));
    return s;
  }
  if (q.z > ${glsl(clothes.beltBottom)}) {
    float buckle = step(side, 0.026) * step(0.0, q.x);
    return Surface(mix(vec3(0.025, 0.025, 0.03), vec3(0.5, 0.48, 0.42), buckle), 0.0, 0.1 + 0.3 * buckle, 40.0, 0.0);
  }
  if (down < ${glsl(clothes.cuffShare)} + 0.006) {
    Surface s = clothAt(clothColor * 0.985, weave, fold);
    vec3 axisPoint = hipAtRest + legAxis * down;
    vec2 around = vec2(q.x - axisPoint.x, side - axisPoint.y);
    float piping = line(around.x + 0.006, 0.0065, 0.0015) * step(0.0, around.y);
    float loops = line(mod(atan(q.y, q.x) + 0.25, 1.05) - 0.5, 0.035, 0.01) * step(1.022, q.z);
    s.albedo = mix(s.albedo, teamColor, piping);
    s.height += 0.003 * loops + 0.0015 * piping;
    float dirt = smoothstep(0.5, 0.75, soil) * smoothstep(0.45, 0.7, down);
    s.albedo = mix(s.albedo, vec3(0.42, 0.28, 0.18), 0.3 * dirt);
    return s;
  }
  bool shoe = q.z < ankleAtRest.z + 0.016 - 0.25 * max(0.0, q.x - ankleAtRest.x - 0.02) || q.x > ankleAtRest.x + 0.075;
  if (!shoe) {
    float ribs = 0.0007 * sin(atan(onLeft.y - ankleAtRest.y, q.x - ankleAtRest.x) * 44.0);
    vec3 c = teamColor * 1.05;
    float stripes = max(line(down - 0.7, 0.006, 0.001), line(down - 0.72, 0.006, 0.001));
    c = mix(c, vec3(0.8), stripes);
    return Surface(c * (0.93 + 0.1 * weave), ribs, 0.01, 8.0, 0.0);
  }
  vec3 c = vec3(0.035, 0.036, 0.042);
  float stripe = line(q.x - ankleAtRest.x - 0.045 + 0.8 * (q.z - 0.05), 0.008, 0.001) + line(q.x - ankleAtRest.x - 0.075 + 0.8 * (q.z - 0.05), 0.008, 0.001);
  c = mix(c, vec3(0.8), clamp(stripe, 0.0, 1.0) * step(0.022, q.z) * step(q.z, 0.07));
  float laces = step(abs(onLeft.y - ankleAtRest.y), 0.018) * step(0.5, fract((q.x - ankleAtRest.x) * 70.0)) * step(0.055, q.z) * step(0.04, q.x - ankleAtRest.x);
  c = mix(c, vec3(0.75), laces * 0.8);
  c = mix(c, vec3(0.78, 0.77, 0.75), step(q.z, 0.02));
  return Surface(mix(c, vec3(0.42, 0.26, 0.16), 0.25 * smoothstep(0.45, 0.7, soil)), 0.0, 0.08, 26.0, 0.0);
}

#elif PART == 1
Surface headAt(vec3 q) {
  vec3 m = vec3(q.x, abs(q.y), q.z);
  vec3 eyeAt = ${glsl3(face.eye)};
  float eyeDistance = length(m - eyeAt);
  Surface s = skinAt(q);
  float ear = length((m - ${glsl3(face.ear)}) / vec3(0.03, 0.02, 0.042));
  if (eyeDistance < ${glsl(face.eyeRadius)} + 0.0006 && q.x > eyeAt.x + 0.0035) {
    vec3 gaze = (m - eyeAt) / ${glsl(face.eyeRadius)};
    float off = length(gaze.yz);
    float lid = smoothstep(0.22, 0.32, gaze.z + 0.25 * gaze.y * gaze.y) + smoothstep(0.34, 0.42, -gaze.z + 0.25 * gaze.y * gaze.y);
    vec3 c = vec3(0.78, 0.75, 0.72) * (1.0 - 0.35 * smoothstep(0.5, 0.95, off));
    c = mix(c, vec3(0.13, 0.075, 0.035), 1.0 - smoothstep(0.44, 0.5, off));
    c = mix(c, vec3(0.012), 1.0 - smoothstep(0.2, 0.25, off));
    c = mix(c, skinColor * 0.62, clamp(lid, 0.0, 1.0));
    return Surface(c, 0.0, lid > 0.5 ? 0.02 : 0.5, 120.0, 0.0);
  }
  float rimLine = line(eyeDistance - ${glsl(face.eyeRadius)} - 0.0015, 0.0016, 0.0012) * step(eyeAt.x, q.x);
  s.albedo = mix(s.albedo, s.albedo * vec3(0.34, 0.26, 0.24), rimLine * 0.85);
  // Warm cheeks, nose and ears; darker round the eyes.
  float warm = exp(-pow(length((m - vec3(0.07, 0.045, 1.695)) / vec3(0.03, 0.025, 0.022)), 2.0)) + exp(-pow(length((m - ${glsl3(face.nose)}) / 0.016), 2.0)) + 0.7 * (1.0 - smoothstep(0.8, 1.1, ear));
  s.albedo *= mix(vec3(1.0), vec3(1.08, 0.82, 0.78), clamp(warm, 0.0, 1.0));
  s.albedo *= 1.0 - 0.2 * exp(-pow(length((m - eyeAt) / vec3(0.03, 0.026, 0.016)), 2.0));
  float lips = 1.0 - smoothstep(0.75, 1.0, length((m - vec3(0.094, 0.0, 1.6645)) / vec3(0.022, 0.0255, 0.0125)));
  s.albedo = mix(s.albedo, skinColor * vec3(0.86, 0.5, 0.48), lips);
  s.albedo = mix(s.albedo, skinColor * vec3(0.28, 0.16, 0.15), lips * line(q.z - 1.6648, 0.0013, 0.001));
  float nostril = 1.0 - smoothstep(0.5, 1.0, length((m - vec3(0.108, 0.0075, 1.6885)) / vec3(0.008, 0.0045, 0.004)));
  s.albedo *= 1.0 - 0.8 * nostril;
  float browCurve = 1.757 + 0.006 * smoothstep(0.012, 0.035, m.y) - 0.012 * smoothstep(0.035, 0.058, m.y);
  float brow = line(q.z - browCurve, 0.0052 - 0.05 * max(0.0, m.y - 0.035), 0.0016) * step(0.011, m.y) * step(m.y, 0.056) * step(0.06, q.x);
  s.albedo = mix(s.albedo, hairColor * (0.8 + 0.5 * fineNoise(q * vec3(200.0, 200.0, 600.0))), brow * 0.9);
  // Stubble where a beard would grow.
  float beard = smoothstep(1.69, 1.672, q.z) * smoothstep(-0.02, 0.02, q.x) * (1.0 - lips);
  s.albedo = mix(s.albedo, s.albedo * vec3(0.72, 0.7, 0.72), beard * 0.55 * (0.6 + 0.4 * fineNoise(q * 420.0)));
  float hairLine = q.x - 0.012 - 0.36 * max(0.0, q.z - 1.74) + (fineNoise(q * 120.0) - 0.5) * 0.006;
  float sideburn = step(q.z, 1.79) * smoothstep(1.69, 1.7, q.z) * line(q.x - 0.022, 0.011, 0.002) * smoothstep(0.05, 0.056, m.y);
  float nape = 1.672 + 0.5 * max(0.0, q.x + 0.06) + (fineNoise(q * 90.0) - 0.5) * 0.006;
  float hair = (1.0 - smoothstep(-0.004, 0.003, hairLine)) * smoothstep(nape - 0.006, nape + 0.008, q.z);
  hair = max(max(hair, sideburn), step(1.785, q.z));
  hair *= smoothstep(0.88, 0.96, ear);
  float strands = fineNoise(vec3(q.x * 210.0, q.y * 210.0, q.z * 60.0));
  vec3 hairs = hairColor * (0.55 + 0.9 * strands);
  s.albedo = mix(s.albedo, hairs, hair);
  s.height += hair * 0.0022 * strands;
  s.flesh *= 1.0 - hair;
  s.shine = mix(s.shine, 0.06, hair);
  return s;
}

#elif PART == 2
Surface capAt(vec3 q) {
  vec3 c = teamColor;
  float around = atan(q.y, q.x + 0.012);
  float seam = line(mod(around + 0.5236, 1.0472) - 0.5236, 0.012, 0.008);
  bool onBrim = q.x > 0.1 || (q.x > 0.06 && q.z < 1.788);
  if (onBrim) {
    float rings = 0.0004 * sin(length(q.xy - vec2(0.02, 0.0)) * 1000.0);
    return Surface(c * 0.95, rings, 0.015, 10.0, 0.0);
  }
  vec2 logo = vec2(q.y, q.z - 1.826) / 0.02;
  float ring = line(length(logo) - 0.85, 0.2, 0.03);
  float bar = line(logo.x + 0.35 * logo.y, 0.16, 0.03) * step(abs(logo.y), 0.75);
  c = mix(c, clothColor, max(ring, bar) * step(0.0, q.x));
  return Surface(c * (0.93 + 0.1 * fineNoise(q * 380.0)), -0.0012 * seam, 0.012, 9.0, 0.0);
}

#elif PART == 4
Surface gloveAt(vec3 q) {
  // Whichever hand wears it.
  vec3 p = vec3(q.x, abs(q.y), q.z) - vec3(shoulderAtRest.x, 0.81, shoulderAtRest.z);
  float worn = layeredNoise(q * 26.0);
  vec3 c = mix(vec3(0.3, 0.13, 0.045), vec3(0.47, 0.235, 0.09), worn);
  float lace = line(mod(p.y, 0.03) - 0.015, 0.0026, 0.001) * step(0.035, p.z) * step(0.08, p.y);
  c = mix(c, vec3(0.62, 0.42, 0.22), lace);
  c = mix(c, vec3(0.08, 0.05, 0.035), line(p.y - 0.022, 0.005, 0.001));
  return Surface(c, 0.0018 * worn + 0.001 * lace, 0.09, 24.0, 0.0);
}

#elif PART == 5
Surface ballAt(vec3 q) {
  vec3 d = normalize(q);
  float seam = abs(d.z - 0.42 * cos(2.0 * atan(d.y, d.x)) * sqrt(max(0.0, 1.0 - d.z * d.z)) * 1.4);
  return Surface(mix(vec3(0.86, 0.84, 0.8), vec3(0.6, 0.05, 0.05), line(seam, 0.07, 0.02)), 0.0, 0.05, 20.0, 0.0);
}

#endif

Surface surfaceOf(vec3 q) {
#if PART == 0
  return bodyAt(q);
#elif PART == 1
  return headAt(q);
#elif PART == 2
  return capAt(q);
#elif PART == 3
  return skinAt(q);
#elif PART == 4
  return gloveAt(q);
#else
  return ballAt(restPoint);
#endif
}
`;
