/** A motion as the files that other programs open. */
import { type JointMotion, type JointName, jointAt, jointNames } from '../biomechanics/joint-motion.ts';
import { median } from '../biomechanics/median.ts';
import { valueAt } from '../biomechanics/rates.ts';
import { angleBetweenDegrees, subtract } from '../biomechanics/vectors.ts';
import { writeTrc } from './trc.ts';
import { writeC3d } from './write-c3d.ts';

/** Our own names; y up, x kept: OpenSim's axes. */
export function motionToTrc(motion: JointMotion, fileName: string): string {
  const even = evenly(motion);
  const turned = even.points.map((_, at) => {
    const from = at - (at % 3);
    if (at % 3 === 0) return even.points[from] as number;
    return at % 3 === 1 ? (even.points[from + 2] as number) : -(even.points[from + 1] as number);
  });
  return writeTrc({ ...even, fileName, points: turned });
}

/** Our own names, z up. */
export function motionToC3d(motion: JointMotion): Uint8Array<ArrayBuffer> {
  const even = evenly(motion);
  return writeC3d({ ...even, frames: even.timesSeconds.length });
}

/** Both formats know one rate only: uneven times are put on even ones, on the line between the frames beside them. */
function evenly({ timesSeconds, joints }: JointMotion) {
  const names = jointNames.filter((name) => joints[name] !== undefined);
  const frames = timesSeconds.length;
  const start = timesSeconds[0] ?? 0;
  const span = (timesSeconds[frames - 1] ?? 0) - start;
  const interval = span / Math.max(1, frames - 1);
  const isEven = timesSeconds.every((time, i) => Math.abs(time - start - i * interval) < 0.02 * interval);
  const usual = median(timesSeconds.subarray(1).map((time, i) => time - (timesSeconds[i] as number)));
  const count = isEven ? frames : Math.round(span / usual) + 1;
  const times = Float64Array.from({ length: count }, (_, i) => (count > 1 ? start + (i * span) / (count - 1) : start));
  const points = new Float64Array(count * names.length * 3);
  names.forEach((name, place) => {
    for (let axis = 0; axis < 3; axis++) {
      const values = timesSeconds.map((_, frame) => joints[name]?.[frame * 3 + axis] ?? Number.NaN);
      for (let frame = 0; frame < count; frame++) {
        const value = isEven ? values[frame] : valueAt({ timesSeconds, values }, times[frame] as number);
        points[(frame * names.length + place) * 3 + axis] = value as number;
      }
    }
  });
  return { names, timesSeconds: times, framesPerSecond: (count - 1) / span, points };
}

/** Columns of angles over time: OpenSim's motion format. Degrees; missing = nan. */
export function writeMot(contents: {
  readonly name: string;
  readonly timesSeconds: Float64Array;
  readonly columns: Readonly<Record<string, Float64Array>>;
}): string {
  const { name, timesSeconds, columns } = contents;
  const labels = Object.keys(columns);
  const head = [
    ...[name.replace(/\s+/g, '_'), 'version=1', `nRows=${timesSeconds.length}`, `nColumns=${labels.length + 1}`],
    ...['inDegrees=yes', 'endheader', ['time', ...labels].join('\t')],
  ];
  const rows = Array.from(timesSeconds, (time, frame) =>
    [time, ...labels.map((label) => columns[label]?.[frame] ?? Number.NaN)]
      .map((value) => (Number.isFinite(value) ? value.toFixed(6) : 'nan'))
      .join('\t'),
  );
  return `${[...head, ...rows].join('\n')}\n`;
}

const bends = { elbow_flex: ['shoulder', 'elbow', 'wrist'], knee_angle: ['hip', 'knee', 'ankle'] } as const;

/** Bend of elbows and knees, degrees, 0 straight, under the names of OpenSim's coordinates. */
export function bendColumns(motion: JointMotion): Record<string, Float64Array> {
  const columns: Record<string, Float64Array> = {};
  for (const [label, [from, vertex, to]] of Object.entries(bends)) {
    for (const side of ['right', 'left'] as const) {
      const at = (part: typeof from | typeof vertex | typeof to, frame: number) =>
        jointAt(motion, `${side}_${part}` satisfies JointName, frame);
      columns[`${label}_${side.charAt(0)}`] = motion.timesSeconds.map((_, frame) =>
        angleBetweenDegrees(subtract(at(vertex, frame), at(from, frame)), subtract(at(to, frame), at(vertex, frame))),
      );
    }
  }
  return columns;
}

/** Elbows and knees over time, for OpenSim. */
export function motionToMot(motion: JointMotion, name: string): string {
  return writeMot({ name, timesSeconds: motion.timesSeconds, columns: bendColumns(motion) });
}
