import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';

/** What the stage shows while nothing is open. */
export function EmptyStage() {
  const { library, settings, team } = useAppStores();
  const { clips, status, importing, chooseFiles, importSample, load } = useStore(library);
  const info = useStore(settings, (state) => state.info);
  const isLocal = useStore(team, ({ status }) => status === undefined || status.state === 'local');
  if (status === 'loading') return <div className="empty-stage" />;
  if (status === 'failed') {
    return (
      <div className="empty-stage">
        <p>The library could not be read.</p>
        <Button className="button" onPress={load}>
          Try again
        </Button>
      </div>
    );
  }
  if (importing > 0) return <div className="empty-stage quiet">Copying into the library…</div>;
  if (clips.size > 0) return <div className="empty-stage quiet">Choose a clip at the left.</div>;
  return (
    <div className="empty-stage">
      <p>Drop clips anywhere in this window.</p>
      <p className="quiet">
        Any camera, any frame rate.{' '}
        {isLocal ? 'Clips stay on this computer.' : 'The team’s computers work on what is analysed.'}
      </p>
      <div className="empty-actions">
        <Button className="button" onPress={chooseFiles}>
          Choose files
        </Button>
        {info?.sampleAvailable ? (
          <Button className="button" onPress={importSample}>
            Open the sample clip
          </Button>
        ) : undefined}
      </div>
    </div>
  );
}
