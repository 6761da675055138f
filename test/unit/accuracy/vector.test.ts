import { describe, expect, it } from 'vitest';
import {
  chain,
  inverse,
  mirror,
  mirrorRotation,
  type Rotation,
  rotate,
  rotationAbout,
  rotationFromAxes,
  slerp,
  type Vector3,
} from '../../accuracy/athlete/vector.ts';

function expectSame(actual: Vector3, expected: Vector3): void {
  expect(actual).toEqual(expected.map((value) => expect.closeTo(value, 9)));
}

const some: Rotation = chain(
  rotationAbout([0, 0, 1], 130),
  rotationAbout([0, 1, 0], -70),
  rotationAbout([1, 0, 0], 155),
);
const point: Vector3 = [0.3, -1.2, 0.7];

describe('rotations', () => {
  it('turn by the right-hand rule', () => {
    expectSame(rotate(rotationAbout([0, 0, 1], 90), [1, 0, 0]), [0, 1, 0]);
    expectSame(rotate(rotationAbout([1, 0, 0], 90), [0, 1, 0]), [0, 0, 1]);
  });

  it('are undone by their inverse', () => {
    expectSame(rotate(inverse(some), rotate(some, point)), point);
  });

  it('come back from their axes, whichever axis leads', () => {
    for (const yaw of [0, 100, 179]) {
      for (const tilt of [0, 95, 178]) {
        const turned = chain(rotationAbout([0, 0, 1], yaw), rotationAbout([0, 1, 0], tilt));
        const axes = [rotate(turned, [1, 0, 0]), rotate(turned, [0, 1, 0]), rotate(turned, [0, 0, 1])] as const;
        expectSame(rotate(rotationFromAxes(...axes), point), rotate(turned, point));
      }
    }
  });

  it('mirror like the points they turn', () => {
    expectSame(rotate(mirrorRotation(some), mirror(point)), mirror(rotate(some, point)));
  });

  it('meet half way', () => {
    const half = slerp(rotationAbout([0, 0, 1], 10), rotationAbout([0, 0, 1], 70), 0.5);
    expectSame(rotate(half, point), rotate(rotationAbout([0, 0, 1], 40), point));
  });
});
