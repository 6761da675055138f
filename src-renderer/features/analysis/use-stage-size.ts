import { type RefObject, useLayoutEffect, useState } from 'react';

export interface StageSize {
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels for one CSS pixel. */
  readonly pixelRatio: number;
}

/** Size of an element, kept true through resizing and moves between screens. */
export function useStageSize(element: RefObject<HTMLElement | null>): StageSize {
  const [size, setSize] = useState<StageSize>({ width: 0, height: 0, pixelRatio: 1 });
  useLayoutEffect(() => {
    const observed = element.current;
    if (observed === null) return undefined;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = observed;
      const pixelRatio = window.devicePixelRatio;
      setSize((known) =>
        known.width === width && known.height === height && known.pixelRatio === pixelRatio
          ? known
          : { width, height, pixelRatio },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(observed);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
  }, [element]);
  return size;
}
