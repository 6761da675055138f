import { describe, expect, it } from 'vitest';
import { type Goldens, worseThanGoldens } from '../../accuracy/goldens.ts';

const clip = 'small-side blazepose-full standard cleaned';
const goldens: Goldens = { [clip]: { error2dPercentHeight: 2, detectionRate: 1, kneeRmseDegrees: 4 } };

function changed(figures: Readonly<Record<string, number>>): string[] {
  return worseThanGoldens({ [clip]: { ...goldens[clip], ...figures } }, goldens);
}

describe('worseThanGoldens', () => {
  it('lets pass what is as good, a little worse, or better', () => {
    expect(changed({})).toEqual([]);
    expect(changed({ error2dPercentHeight: 2.3, detectionRate: 0.98, kneeRmseDegrees: 5.4 })).toEqual([]);
    expect(changed({ error2dPercentHeight: 0.5, kneeRmseDegrees: 1 })).toEqual([]);
  });

  it('names what is worse by more than a fifth', () => {
    expect(changed({ error2dPercentHeight: 2.5 })).toEqual([`${clip}: error2dPercentHeight is 2.5, it was 2`]);
    expect(changed({ detectionRate: 0.9 })).toEqual([`${clip}: detectionRate is 0.9, it was 1`]);
  });

  it('names what is no longer there', () => {
    expect(worseThanGoldens({}, goldens)).toHaveLength(3);
  });
});
