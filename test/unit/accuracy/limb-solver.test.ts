import { describe, expect, it } from 'vitest';
import {
  elbowBend,
  leftArmAngles,
  solveTwoBones,
  upperArmSwing,
  upperArmTwist,
} from '../../accuracy/athlete/body/limb-solver.ts';
import { add, chain, distance, dot, rotate, type Vector3 } from '../../accuracy/athlete/vector.ts';

describe('solveTwoBones', () => {
  const request = { root: [0, 0, 1], firstLength: 0.45, secondLength: 0.4, pole: [1, 0, 0] } as const;

  it('reaches the target with bones of their own length, bent to the pole', () => {
    const target: Vector3 = [0.1, 0.2, 0.4];
    const { middle, end } = solveTwoBones({ ...request, target });
    expect(distance(end, target)).toBeLessThan(1e-9);
    expect(distance(middle, request.root)).toBeCloseTo(0.45, 9);
    expect(distance(middle, end)).toBeCloseTo(0.4, 9);
    expect(dot(request.pole, middle)).toBeGreaterThan(dot(request.pole, end) / 2);
  });

  it('stays within reach of a target that is too far', () => {
    const { middle, end } = solveTwoBones({ ...request, target: [0, 0, -3] });
    expect(distance(end, request.root)).toBeLessThan(0.85 + 1e-9);
    expect(distance(end, request.root)).toBeGreaterThan(0.84);
    expect(distance(middle, end)).toBeCloseTo(0.4, 9);
  });
});

describe('leftArmAngles', () => {
  it('finds the angles that placed the arm', () => {
    const shoulder: Vector3 = [0, 0.2, 1.5];
    for (const abduction of [30, 90, 120]) {
      for (const horizontalAbduction of [-60, 0, 40]) {
        for (const externalRotation of [-30, 60, 170]) {
          const angles = {
            abduction,
            horizontalAbduction,
            externalRotation,
            elbowFlexion: 85,
            pronation: 0,
            wristFlexion: 0,
          };
          const swing = upperArmSwing(angles);
          const elbow = add(shoulder, rotate(swing, [0, 0.35, 0]));
          const fore = chain(swing, upperArmTwist(angles), elbowBend(angles));
          const found = leftArmAngles(shoulder, elbow, add(elbow, rotate(fore, [0, 0.27, 0])));
          expect(found.abduction).toBeCloseTo(abduction, 6);
          expect(found.horizontalAbduction).toBeCloseTo(horizontalAbduction, 6);
          expect(found.externalRotation).toBeCloseTo(externalRotation, 6);
          expect(found.elbowFlexion).toBeCloseTo(85, 6);
        }
      }
    }
  });

  it('reads a raised forearm as 90 degrees of external rotation', () => {
    const found = leftArmAngles([0, 0, 0], [0, 0.3, 0], [0, 0.3, 0.25]);
    expect(found).toEqual({
      abduction: expect.closeTo(90, 9),
      horizontalAbduction: expect.closeTo(0, 9),
      externalRotation: expect.closeTo(90, 9),
      elbowFlexion: expect.closeTo(90, 9),
    });
  });
});
