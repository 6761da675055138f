/** Points as a file holds them: what every reader gives, before anybody asks which joint a name means. */
export interface NamedPoints {
  readonly names: readonly string[];
  /** Seconds. [F] */
  readonly timesSeconds: Float64Array;
  /** [F × P × 3] in the file's own axes and unit; missing = NaN. */
  readonly points: Float64Array;
  /** Absent where the file does not say: then the body's size tells metres from millimetres. */
  readonly metresPerUnit?: number | undefined;
}

/** Metres in a unit of length as files write it. Undefined for one that is not known. */
export function metresPerUnit(unit: string): number | undefined {
  return lengths[unit.trim().toLowerCase()];
}

const lengths: Readonly<Record<string, number>> = {
  ...{ m: 1, meter: 1, meters: 1, metre: 1, metres: 1 },
  ...{ cm: 0.01, mm: 0.001, millimeter: 0.001, millimeters: 0.001, millimetre: 0.001, millimetres: 0.001 },
  ...{ in: 0.0254, inch: 0.0254, inches: 0.0254, ft: 0.3048 },
};
