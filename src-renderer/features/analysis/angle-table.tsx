import { ToggleButton } from 'react-aria-components';
import { useStore } from 'zustand';
import type { AngleDescriptor } from '../../../worker/protocol/analysis.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import type { LoadedAnalysis } from './analysis-store.ts';
import { angleRows, angleStyle } from './angle-style.ts';

/** A row for each joint, left and right beside each other, with the values of the frame on screen. */
export function AngleTable({ analysis }: { readonly analysis: LoadedAnalysis }) {
  const { angles } = analysis.document;
  return (
    <ul className="angles" aria-label="Angles of this frame">
      <li className="angle-row angle-head quiet" aria-hidden="true">
        <span />
        <span>Left</span>
        <span>Right</span>
      </li>
      {angleRows(angles).map((row) => (
        <li key={row.label} className={row.middle === undefined ? 'angle-row' : 'angle-row middle'}>
          <span className="angle-label" title={row.label}>
            {row.label}
          </span>
          {row.middle === undefined ? (
            <>
              <AngleCell analysis={analysis} angle={row.left} />
              <AngleCell analysis={analysis} angle={row.right} />
            </>
          ) : (
            <AngleCell analysis={analysis} angle={row.middle} />
          )}
        </li>
      ))}
    </ul>
  );
}

function AngleCell({
  analysis,
  angle,
}: {
  readonly analysis: LoadedAnalysis;
  readonly angle: AngleDescriptor | undefined;
}) {
  const { analysis: store } = useAppStores();
  const chosen = useStore(store, (state) => state.chosenAngles);
  const toggle = useStore(store, (state) => state.toggleAngle);
  if (angle === undefined) return <span />;
  const { angles } = analysis.document;
  const style = angleStyle({ angles, chosen, id: angle.id });
  return (
    <ToggleButton
      className="angle-cell"
      aria-label={`${angle.label} in the chart`}
      data-side={angle.side}
      isSelected={chosen.includes(angle.id)}
      onChange={() => toggle(angle.id)}
    >
      <svg className="angle-swatch" viewBox="0 0 16 10" aria-hidden="true">
        <line x1="0" x2="16" y1="5" y2="5" stroke={`var(${style.token})`} strokeDasharray={style.dash.join(' ')} />
      </svg>
      <AngleValue analysis={analysis} column={angles.indexOf(angle)} />
    </ToggleButton>
  );
}

/** Alone changes with every picture. */
function AngleValue({ analysis, column }: { readonly analysis: LoadedAnalysis; readonly column: number }) {
  const { playback } = useAppStores();
  const words = useStore(playback, ({ shownFrame }) => {
    const value =
      shownFrame === undefined ? undefined : analysis.angles[shownFrame * analysis.document.angles.length + column];
    return value === undefined || Number.isNaN(value) ? '–' : `${Math.round(value)}°`;
  });
  return <span className="angle-value">{words}</span>;
}
