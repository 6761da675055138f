/**
 * Segment lengths of the body as shares of standing height.
 * Drillis & Contini 1966, as printed in Winter, Biomechanics and Motor Control of Human Movement, 4th ed. 2009,
 * fig. 4.1; joint-centre spacings of hip and shoulder narrowed from the skin-to-skin widths given there.
 */
export const sharesOfHeight = {
  upperArm: 0.186,
  forearm: 0.146,
  hand: 0.108,
  thigh: 0.245,
  shank: 0.246,
  ankleHeight: 0.046,
  footLength: 0.152,
  hipHalfSpacing: 0.048,
  shoulderHalfSpacing: 0.104,
  shoulderHeight: 0.805,
  lumbarHeight: 0.595,
  thoraxHeight: 0.675,
  neckHeight: 0.835,
  headHeight: 0.885,
} as const;

export interface BodyParameters {
  readonly heightMetres: number;
  /** Girth of trunk and limbs against the lean, athletic default. */
  readonly build: number;
  /** Of standing height, where the body is known or drawn to differ from the tables. */
  readonly shares?: Readonly<Partial<Record<keyof typeof sharesOfHeight, number>>>;
}

/** Lengths and heights in metres; heights above the ground when standing straight. */
export type BodyLengths = Readonly<Record<keyof typeof sharesOfHeight | 'height' | 'hipHeight', number>>;

export function bodyLengths(parameters: BodyParameters): BodyLengths {
  const height = parameters.heightMetres;
  const lengths: Record<string, number> = { height };
  const shares = { ...sharesOfHeight, ...parameters.shares };
  for (const [name, share] of Object.entries(shares)) lengths[name] = share * height;
  const hipHeight = (shares.ankleHeight + shares.shank + shares.thigh) * height;
  return { ...(lengths as Record<keyof typeof sharesOfHeight | 'height', number>), hipHeight };
}
