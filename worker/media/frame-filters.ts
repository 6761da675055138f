/** Filter chains that turn a decoded picture into 8-bit square pixels, as data. */

import type { ColorMatrix } from '../pipeline/ports.ts';
import type { ClipProbe } from '../protocol/clip.ts';
import { isHighDynamicRange, type Size } from './picture-geometry.ts';

/** What the ffmpeg in use can do, asked once. */
export interface FilterAbilities {
  readonly zscale: boolean;
}

type ClipColour = Pick<
  ClipProbe,
  'displayWidth' | 'displayHeight' | 'rotationDegrees' | 'colorSpace' | 'colorTransfer' | 'colorPrimaries'
>;

/**
 * Scales to `size` (of the displayed picture; ffmpeg has turned it already) and to SDR RGB.
 * The area filter averages every source pixel once, so small athletes keep their shape; where the picture grows,
 * bicubic. `bitexact` makes every processor give the same bytes.
 */
export function rgbFilters(clip: ClipColour, size: Size, abilities: FilterAbilities): string[] {
  const scale = scaleFilter(clip, size);
  if (!isHighDynamicRange(clip.colorTransfer)) return [scale, 'format=rgb24'];
  const toneMap = abilities.zscale ? zscaleToneMap(clip) : curveToneMap(clip.colorTransfer);
  // Scaled first: the costly floating-point part then works on the small picture.
  return [scale, ...toneMap, 'format=rgb24'];
}

/**
 * Scales to `size` and to SDR 4:2:0 in limited range. The clip keeps its own matrix: to turn one into another costs more
 * than everything else. Most clips are stored like this, and then no pixel is touched.
 */
export function yuvFilters(clip: ClipColour, size: Size, abilities: FilterAbilities): string[] {
  const output = `out_color_matrix=${matrixOf(clip)}:out_range=tv`;
  if (!isHighDynamicRange(clip.colorTransfer)) return [`${scaleFilter(clip, size)}:${output}`, 'format=yuv420p'];
  return [...rgbFilters(clip, size, abilities), `scale=flags=bicubic+bitexact:${output}`, 'format=yuv420p'];
}

/** The matrix of what `yuvFilters` puts out. */
export function matrixOf(clip: ClipColour): ColorMatrix {
  if (isHighDynamicRange(clip.colorTransfer)) return 'bt709';
  return matrices[clip.colorSpace] ?? (isStoredInHighDefinition(clip) ? 'bt709' : 'bt601');
}

const matrices: Readonly<Record<string, ColorMatrix>> = {
  bt709: 'bt709',
  smpte170m: 'bt601',
  bt470bg: 'bt601',
  bt2020nc: 'bt2020',
  bt2020c: 'bt2020',
};

/** The grey picture that cuts are found in. */
export function thumbnailFilters(size: Size): string[] {
  return [`scale=${size.width}:${size.height}:flags=bilinear`, 'format=gray'];
}

/** 8-bit 4:2:0, square pixels, in the BT.709 colours that every player takes for granted. */
export function playbackFilters(clip: ClipColour, size: Size, abilities: FilterAbilities): string[] {
  const to709 = 'out_color_matrix=bt709:out_range=tv';
  if (!isHighDynamicRange(clip.colorTransfer)) {
    return [`${scaleFilter(clip, size)}:${to709}`, 'format=yuv420p', 'setsar=1'];
  }
  return [...rgbFilters(clip, size, abilities), `scale=flags=bicubic:${to709}`, 'format=yuv420p', 'setsar=1'];
}

function scaleFilter(clip: ClipColour, size: Size): string {
  const shrinks = size.width <= clip.displayWidth && size.height <= clip.displayHeight;
  const flags = `${shrinks ? 'area' : 'bicubic'}+accurate_rnd+full_chroma_int+bitexact`;
  const matrix = clip.colorSpace === 'unknown' && isStoredInHighDefinition(clip) ? ':in_color_matrix=bt709' : '';
  return `scale=${size.width}:${size.height}:flags=${flags}${matrix}`;
}

/** Clips that do not name their matrix: BT.709 for high definition as browsers assume; ffmpeg alone assumes BT.601. */
function isStoredInHighDefinition(clip: ClipColour): boolean {
  const turned = clip.rotationDegrees === 90 || clip.rotationDegrees === 270;
  return (turned ? clip.displayWidth : clip.displayHeight) >= 720;
}

function zscaleToneMap(clip: ClipColour): string[] {
  const known = (value: string, otherwise: string) => (value === 'unknown' || value === 'reserved' ? otherwise : value);
  const input = [
    `tin=${clip.colorTransfer}`,
    `min=${known(clip.colorSpace, 'bt2020nc')}`,
    `pin=${known(clip.colorPrimaries, 'bt2020')}`,
  ].join(':');
  return [
    `zscale=${input}:t=linear:npl=203`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0:peak=10',
    'zscale=t=bt709:m=bt709:r=tv',
    'format=yuv444p',
  ];
}

/**
 * Without zscale: one curve per colour, computed from the definitions of SMPTE ST 2084 (PQ) and ITU-R BT.2100 (HLG),
 * then Reinhard's curve and gamma 2.2. Primaries stay as they are: paler colours, the same shapes.
 */
function curveToneMap(colorTransfer: string): string[] {
  // The table has entries past the largest value of the format.
  const signal = 'min(val/maxval\\,1)';
  const root = `pow(${signal}\\,1/78.84375)`;
  // In units of reference white, 203 cd/m².
  const linear =
    colorTransfer === 'smpte2084'
      ? `(pow(max(${root}-0.8359375\\,0)/(18.8515625-18.6875*${root})\\,1/0.1593017578125)*10000/203)`
      : `(if(lte(${signal}\\,0.5)\\,${signal}*${signal}/3\\,(exp((${signal}-0.55991073)/0.17883277)+0.28466892)/12)*1000/203)`;
  const curve = `pow(${linear}*(1+${linear}/24)/(1+${linear})\\,1/2.2)*maxval`;
  return ['format=gbrp12le', `lutrgb=r='${curve}':g='${curve}':b='${curve}'`];
}
