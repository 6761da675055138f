import { Spline } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import type { LoadedAnalysis } from '../analysis/analysis-store.ts';
import { athleteFigure } from './athlete-figure.ts';
import { type CameraPreset, cameraPresets } from './space-store.ts';
import { SpaceView } from './space-view.tsx';
import { useMeasuredStretches } from './use-measured-stretches.ts';
import { useSpaceColours } from './use-space-colours.ts';

interface SpacePanelProps {
  readonly analysis: LoadedAnalysis;
}

const presetNames: Readonly<Record<CameraPreset, string>> = {
  filmed: 'As filmed',
  side: 'Side',
  front: 'Front',
  back: 'Back',
  top: 'Top',
};

/** The open clip's athlete in space, and where to look from. Loaded when it is first wanted. */
export default function SpacePanel({ analysis }: SpacePanelProps) {
  const { athlete: palette } = useSpaceColours();
  const { hand, stretches } = useMeasuredStretches(analysis.timesSeconds);
  const athlete = useMemo(
    () => athleteFigure({ analysis, hand, stretches, palette }),
    [analysis, hand, stretches, palette],
  );
  const figures = useMemo(() => (athlete === undefined ? [] : [athlete.figure]), [athlete]);
  if (athlete === undefined) return <p className="space-problem">This analysis has no body that can be shown in 3D.</p>;
  return (
    <>
      <SpaceView figures={figures} forward={athlete.forward} />
      <LookBar />
    </>
  );
}

function LookBar() {
  const { space } = useAppStores();
  const { preset, trailShown } = useStore(space);
  const { look, toggleTrail } = space.getState();
  return (
    <div className="look-bar" role="toolbar" aria-label="View in space">
      {cameraPresets.map((choice) => (
        <Button key={choice} className="look" aria-pressed={preset === choice} onPress={() => look(choice)}>
          {presetNames[choice]}
        </Button>
      ))}
      <IconButton icon={Spline} label="Path of the throwing wrist" pressed={trailShown} onPress={toggleTrail} />
      <span className="quiet look-scale">Grid 1 m</span>
    </div>
  );
}
