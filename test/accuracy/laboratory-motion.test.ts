import { describe, expect, it } from 'vitest';
import { hasLaboratory, laboratoryPitches, readLaboratoryPitch } from './athlete/laboratory/laboratory-data.ts';
import { laboratoryErrors, laboratoryMotion, laboratoryRig } from './athlete/laboratory/laboratory-motion.ts';

describe.skipIf(!hasLaboratory())(
  'the laboratory’s pitchers (skipped where ../shared/clips/openbiomechanics is not)',
  () => {
    it('move our athlete’s joints to within two centimetres of theirs', () => {
      const names = laboratoryPitches();
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) {
        const pitch = readLaboratoryPitch(name);
        const rig = laboratoryRig(pitch, 1);
        const { mean, largest } = laboratoryErrors(rig, pitch);
        expect(mean, name).toBeLessThan(20);
        expect(largest, name).toBeLessThan(100);
        const { events, durationSeconds } = laboratoryMotion(rig, pitch);
        for (const time of Object.values(events)) {
          expect(time).toBeGreaterThan(0);
          expect(time).toBeLessThan(durationSeconds);
        }
      }
    });

    it('are known by name', () => {
      expect(() => readLaboratoryPitch('nobody')).toThrow(RangeError);
    });
  },
);
