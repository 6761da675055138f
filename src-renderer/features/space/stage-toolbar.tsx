import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { Segments } from '../../ui/segments.tsx';

const modes = [
  { value: 'video', label: 'Video' },
  { value: 'space', label: '3D' },
  { value: 'both', label: 'Both' },
] as const;

/** What the stage shows, at its upper right. */
export function StageToolbar() {
  const { space } = useAppStores();
  const mode = useStore(space, (state) => state.mode);
  return (
    <div className="stage-toolbar">
      <Segments label="Stage shows" value={mode} choices={modes} onChange={space.getState().setMode} />
    </div>
  );
}
