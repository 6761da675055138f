import { memo, useRef } from 'react';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { useStageSize } from './use-stage-size.ts';

interface FilmstripProps {
  readonly playback: NonNullable<ClipView['playback']>;
}

/** The clip in small pictures, undistorted, as many as fit; each shows the tile nearest to its place in time. */
export const Filmstrip = memo(function Filmstrip({ playback }: FilmstripProps) {
  const { bridge } = useAppStores();
  const stripRef = useRef<HTMLDivElement>(null);
  const { width, height } = useStageSize(stripRef);
  const tiles = playback.filmstripTiles;
  const naturalWidth = (height * playback.proxyWidth) / playback.proxyHeight;
  const count = naturalWidth > 0 ? Math.max(1, Math.round(width / naturalWidth)) : 0;
  const address = `url("${bridge.mediaUrl(playback.filmstrip)}")`;
  return (
    <div ref={stripRef} className="filmstrip" aria-hidden>
      {Array.from({ length: count }, (_, place) => {
        const tile = Math.min(tiles - 1, Math.floor(((place + 0.5) / count) * tiles));
        const x = tiles > 1 ? (tile / (tiles - 1)) * 100 : 0;
        const style = {
          backgroundImage: address,
          backgroundSize: `${tiles * 100}% 100%`,
          backgroundPositionX: `${x}%`,
        };
        // biome-ignore lint/suspicious/noArrayIndexKey: a place in the strip is its identity.
        return <div key={place} style={style} />;
      })}
    </div>
  );
});
