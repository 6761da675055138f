import { describe, expect, it } from 'vitest';
import { createBlazePoseDetector, regionFromPoints } from '../../../worker/inference/blazepose-detector.ts';
import type { Network } from '../../../worker/inference/pose-family.ts';
import type { RgbImage } from '../../../worker/pipeline/ports.ts';

const edge = 224;
const rowCount = 2254;
const valuesPerBox = 12;

/** One row of the network's output: offsets from the row's anchor, in pixels of the 224 square. */
interface Row {
  readonly row: number;
  readonly logit: number;
  readonly box?: readonly [x: number, y: number, width: number, height: number];
  readonly hip?: readonly [x: number, y: number];
  readonly tip?: readonly [x: number, y: number];
}

/** A network that answers with these rows and keeps what it was asked. */
function answering(rows: readonly Row[]): Network & { readonly inputs: Float32Array[] } {
  const inputs: Float32Array[] = [];
  return {
    inputs,
    run(input, shape) {
      expect(shape).toEqual([1, 3, edge, edge]);
      inputs.push(input.slice());
      const boxes = new Float32Array(rowCount * valuesPerBox);
      const scores = new Float32Array(rowCount).fill(-200);
      for (const { row, logit, box = [0, 0, 40, 40], hip = [0, 0], tip = [0, -30] } of rows) {
        scores[row] = logit;
        boxes.set([...box, ...hip, ...tip], row * valuesPerBox);
      }
      return Promise.resolve({ boxes, scores });
    },
  };
}

function whiteImage(width: number, height: number): RgbImage {
  return { width, height, data: new Uint8Array(width * height * 3).fill(255) };
}
const square = whiteImage(edge, edge);

function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

describe('createBlazePoseDetector', () => {
  const anchors = [
    { name: 'first cell of the grid of 28', row: 0, x: 4, y: 4 },
    { name: 'its second anchor', row: 1, x: 4, y: 4 },
    { name: 'the next cell to the right', row: 2, x: 12, y: 4 },
    { name: 'the second line', row: 56, x: 4, y: 12 },
    { name: 'last cell of the grid of 28', row: 1567, x: 220, y: 220 },
    { name: 'first cell of the grid of 14', row: 1568, x: 8, y: 8 },
    { name: 'last cell of the grid of 14', row: 1959, x: 216, y: 216 },
    { name: 'first cell of the grid of 7', row: 1960, x: 16, y: 16 },
    { name: 'its sixth anchor', row: 1965, x: 16, y: 16 },
    { name: 'the cell after it', row: 1966, x: 48, y: 16 },
    { name: 'last row', row: 2253, x: 208, y: 208 },
  ];
  for (const { name, row, x, y } of anchors) {
    it(`puts the anchor where the network was trained with it: ${name}`, async () => {
      const [person, ...others] = await createBlazePoseDetector(answering([{ row, logit: 3 }]))(square, undefined);
      expect(others).toEqual([]);
      expect(person?.region.centerX).toBeCloseTo(x, 4);
      expect(person?.region.centerY).toBeCloseTo(y, 4);
    });
  }

  it('decodes score, box and region', async () => {
    const network = answering([{ row: 2253, logit: 2, box: [-100, -90, 30, 40], hip: [-98, -80], tip: [-68, -80] }]);
    const [person] = await createBlazePoseDetector(network)(square, undefined);
    expect(person?.score).toBeCloseTo(sigmoid(2), 6);
    expect(person?.box.x).toBeCloseTo(108 - 15, 4);
    expect(person?.box.y).toBeCloseTo(118 - 20, 4);
    expect(person?.box.width).toBeCloseTo(30, 4);
    expect(person?.box.height).toBeCloseTo(40, 4);
    // The tip lies 30 pixels to the right of the hip: the body lies on its side.
    expect(person?.region.size).toBeCloseTo(2 * 30 * 1.25, 4);
    expect(person?.region.rotationRadians).toBeCloseTo(Math.PI / 2, 6);
  });

  it('finds nobody below a score of one half', async () => {
    expect(await createBlazePoseDetector(answering([{ row: 5, logit: -0.01 }]))(square, undefined)).toEqual([]);
    expect(await createBlazePoseDetector(answering([{ row: 5, logit: 0.01 }]))(square, undefined)).toHaveLength(1);
  });

  it('averages overlapping candidates by their scores and keeps the best score', async () => {
    // Both on the anchor (112, 112); the second one is 8 pixels further right and larger.
    const row = 1568 + (6 * 14 + 6) * 2;
    const rows: Row[] = [
      { row, logit: 1, box: [8, 0, 48, 44], hip: [8, 4], tip: [8, -36] },
      { row: row + 1, logit: 3, box: [0, 0, 40, 40], hip: [0, 0], tip: [0, -30] },
    ];
    const found = await createBlazePoseDetector(answering(rows))(square, undefined);
    expect(found).toHaveLength(1);
    const [person] = found;
    const share = sigmoid(1) / (sigmoid(1) + sigmoid(3));
    const center = 104;
    expect(person?.score).toBeCloseTo(sigmoid(3), 6);
    expect(person?.box.width).toBeCloseTo(40 + 8 * share, 4);
    expect(person?.box.height).toBeCloseTo(40 + 4 * share, 4);
    expect(person?.region.centerX).toBeCloseTo(center + 8 * share, 4);
    expect(person?.region.centerY).toBeCloseTo(center + 4 * share, 4);
    expect(person?.region.size).toBeCloseTo(2 * 1.25 * (30 + 10 * share), 4);
  });

  it('keeps two people apart whose boxes overlap by less than three tenths, best first', async () => {
    const row = 1568 + (6 * 14 + 6) * 2;
    // Two boxes of 40: a shift of 24 overlaps by 16 / 64 = 0.25, one of 20 by 20 / 60 = 0.33.
    const apart = answering([
      { row, logit: 1, box: [24, 0, 40, 40] },
      { row: row + 1, logit: 3 },
    ]);
    const found = await createBlazePoseDetector(apart)(square, undefined);
    expect(found.map(({ score }) => score.toFixed(4))).toEqual([sigmoid(3), sigmoid(1)].map((s) => s.toFixed(4)));
    const together = answering([
      { row, logit: 1, box: [20, 0, 40, 40] },
      { row: row + 1, logit: 3 },
    ]);
    expect(await createBlazePoseDetector(together)(square, undefined)).toHaveLength(1);
  });

  it('letterboxes a wide picture and gives places in its pixels', async () => {
    const network = answering([{ row: 0, logit: 3, box: [100, 108, 40, 40], hip: [108, 108], tip: [108, 98] }]);
    const [person] = await createBlazePoseDetector(network)(whiteImage(2 * edge, edge), undefined);
    // The square is 448 wide and begins 112 above the picture.
    expect(person?.region.centerX).toBeCloseTo(224, 3);
    expect(person?.region.centerY).toBeCloseTo(112, 3);
    expect(person?.region.size).toBeCloseTo(2 * 20 * 1.25, 3);
    const pixel = (row: number) => network.inputs[0]?.[row * edge + edge / 2];
    expect(pixel(0)).toBe(-1);
    expect(pixel(55)).toBeCloseTo(-1, 5);
    expect(pixel(57)).toBeCloseTo(1, 5);
    expect(pixel(166)).toBeCloseTo(1, 5);
    expect(pixel(223)).toBe(-1);
  });

  it('searches only the given part of the picture', async () => {
    const network = answering([{ row: 0, logit: 3, hip: [108, 108], tip: [108, 78] }]);
    const part = { x: 100, y: 50, width: 112, height: 112 };
    const [person] = await createBlazePoseDetector(network)(whiteImage(400, 300), part);
    expect(person?.region.centerX).toBeCloseTo(156, 3);
    expect(person?.region.centerY).toBeCloseTo(106, 3);
    expect(person?.region.size).toBeCloseTo(2 * 15 * 1.25, 3);
  });

  it('says so when the network has other outputs', async () => {
    const network: Network = { run: () => Promise.resolve({}) };
    await expect(createBlazePoseDetector(network)(square, undefined)).rejects.toThrow('boxes or scores');
  });
});

describe('regionFromPoints', () => {
  it('turns by the angle from straight up, clockwise as seen in the picture', () => {
    const center = { x: 10, y: 20 };
    const turn = (x: number, y: number) => regionFromPoints(center, { x: 10 + x, y: 20 + y }).rotationRadians;
    expect(turn(0, -5)).toBeCloseTo(0, 12);
    expect(turn(5, 0)).toBeCloseTo(Math.PI / 2, 12);
    expect(turn(-5, 0)).toBeCloseTo(-Math.PI / 2, 12);
    expect(Math.abs(turn(0, 5))).toBeCloseTo(Math.PI, 12);
  });
});
