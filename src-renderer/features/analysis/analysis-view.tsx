import { Crosshair } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { EventLane } from '../measure/event-lane.tsx';
import { useMeasuredMotion } from '../measure/use-measured-motion.ts';
import { jobsByClip } from '../queue/jobs-store.ts';
import { AngleChart } from './angle-chart.tsx';
import { AthleteBar } from './athlete-bar.tsx';
import { ExportMenu } from './export-menu.tsx';
import { Inspector } from './inspector.tsx';
import { peopleSentence } from './people-sentence.ts';
import { ScrubBar } from './scrub-bar.tsx';
import { Stage } from './stage.tsx';
import { Transport } from './transport.tsx';
import { usePlaybackKeys } from './use-playback-keys.ts';

/** The whole document, so that menus and dialogs stay in it; styles then leave only picture and transport. */
function toggleFullScreen(): void {
  if (document.fullscreenElement === null) void document.documentElement.requestFullscreen();
  else void document.exitFullscreen();
}

/** One clip: its picture with the skeleton, the transport below, angles beside and beneath. */
export function AnalysisView({ clip }: { readonly clip: ClipView }) {
  const stores = useAppStores();
  const allJobs = useStore(stores.jobs, (state) => state.jobs);
  const jobs = useMemo(() => jobsByClip(allJobs).get(clip.clip.sha256), [allJobs, clip.clip.sha256]);
  const loaded = useStore(stores.analysis, (state) => state.analysis);
  const choosing = useStore(stores.athlete, (state) => state.choosing);
  const newest = clip.analysisIds[0];
  useEffect(() => {
    void stores.analysis.getState().open(newest);
    return () => stores.athlete.getState().cancel();
  }, [stores, newest]);
  useMeasuredMotion(clip, loaded);
  usePlaybackKeys({ onFullScreen: toggleFullScreen });
  return (
    <div className="analysis" data-measured={loaded !== undefined}>
      <Header clip={clip} />
      <div className="analysis-picture">
        <Stage clip={clip} jobs={jobs} />
        {choosing ? <AthleteBar clip={clip} /> : undefined}
      </div>
      {loaded === undefined ? undefined : <Inspector analysis={loaded} />}
      <div className="analysis-dock">
        {clip.playback === undefined ? undefined : <ScrubBar pictures={clip.playback} />}
        {loaded === undefined ? undefined : <EventLane />}
        <Transport onFullScreen={toggleFullScreen} />
        {loaded === undefined ? undefined : <AngleChart analysis={loaded} />}
      </div>
    </div>
  );
}

function Header({ clip }: { readonly clip: ClipView }) {
  const { analysis, athlete } = useAppStores();
  const loaded = useStore(analysis, (state) => state.analysis);
  const begin = useStore(athlete, (state) => state.begin);
  const { probe } = clip;
  return (
    <header className="panel-header analysis-header">
      <h1 title={clip.name}>{clip.name}</h1>
      {probe === undefined ? undefined : (
        <span className="quiet analysis-facts">
          {probe.displayWidth} × {probe.displayHeight} · {formatRate(probe.framesPerSecond)} fps
        </span>
      )}
      <span className="push-end" />
      {loaded === undefined ? undefined : (
        <span role="status" aria-label="People" className="quiet analysis-people">
          {peopleSentence(loaded.document.people)}
        </span>
      )}
      {clip.playback === undefined ? undefined : (
        <Button className="button" onPress={begin}>
          <Crosshair size={14} aria-hidden /> Choose athlete
        </Button>
      )}
      <ExportMenu analysisId={loaded?.document.analysisId} />
    </header>
  );
}

/** "30", "29.97", "119.88". */
function formatRate(framesPerSecond: number): string {
  return String(Number(framesPerSecond.toFixed(2)));
}
