import { useEffect, useState } from 'react';
import { useAppStores } from '../../stores/app-stores.ts';

/** The whole window takes files. Shows itself only while files are held over it. */
export function DropOverlay() {
  const { library } = useAppStores();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    const listeners = new AbortController();
    const { signal } = listeners;
    // Entering a child fires before leaving its parent: only the balance says whether the pointer is still inside.
    let depth = 0;
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    window.addEventListener(
      'dragenter',
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        depth += 1;
        setHeld(true);
      },
      { signal },
    );
    window.addEventListener(
      'dragover',
      (event) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
      },
      { signal },
    );
    window.addEventListener(
      'dragleave',
      () => {
        depth = Math.max(0, depth - 1);
        if (depth === 0) setHeld(false);
      },
      { signal },
    );
    window.addEventListener(
      'drop',
      (event) => {
        depth = 0;
        setHeld(false);
        if (!carriesFiles(event)) return;
        event.preventDefault();
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length > 0) void library.getState().dropFiles(files);
      },
      { signal },
    );
    return () => listeners.abort();
  }, [library]);
  if (!held) return undefined;
  return (
    <div className="drop-overlay" role="presentation">
      <span>Drop to add to the library</span>
    </div>
  );
}
