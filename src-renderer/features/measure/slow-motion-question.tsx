import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';

/** Where the motion takes longer than such a motion does: asked once, since every speed hangs on it. */
export function SlowMotionQuestion() {
  const { measure } = useAppStores();
  const { slowMotion, source, say } = useStore(measure);
  if (slowMotion === undefined || source === undefined) return undefined;
  const { filmedFramesPerSecond, question } = slowMotion;
  return (
    <section className="question" aria-label="Slow motion">
      <p>{question}</p>
      <Button className="button small" onPress={() => say({ filmedFramesPerSecond })}>
        Yes, at {Math.round(filmedFramesPerSecond)}
      </Button>
      <Button className="button small" onPress={() => say({ filmedFramesPerSecond: source.framesPerSecond })}>
        No
      </Button>
    </section>
  );
}
