import { useEffect, useState } from 'react';
import type { FigurePalette } from './figure-body.ts';

/** Of the theme that is shown. */
export interface SpaceColours {
  readonly athlete: FigurePalette;
  /** For the reference that is laid over the athlete. */
  readonly shadow: FigurePalette;
  readonly floor: string;
  readonly line: string;
  readonly middleLine: string;
  /** How dark a shadow on the floor is, 0..1. */
  readonly shade: number;
}

/** The view's colours, from the tokens; new ones when the theme changes. */
export function useSpaceColours(): SpaceColours {
  const [colours, setColours] = useState(readColours);
  useEffect(() => {
    const observer = new MutationObserver(() => setColours(readColours()));
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  }, []);
  return colours;
}

function readColours(): SpaceColours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const shadow = token('shadow');
  const isLight = document.documentElement.dataset['theme'] === 'light';
  return {
    athlete: { left: token('left'), right: token('right'), middle: token('middle'), opacity: 1 },
    shadow: { left: shadow, right: shadow, middle: shadow, opacity: 0.42 },
    ...{ floor: token(isLight ? 'n1' : 'n3'), line: token(isLight ? 'n4' : 'n4'), middleLine: token('n5') },
    shade: isLight ? 0.3 : 0.6,
  };
}
