import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { useStore } from 'zustand';
import { poseModels } from '../../../models/registry.ts';
import { qualityOf } from '../../../worker/protocol/analysis.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { Segments } from '../../ui/segments.tsx';
import { MetricsPanel } from '../measure/metrics-panel.tsx';
import { deviceNames } from '../settings/device-names.ts';
import { qualityNames } from '../settings/quality-names.ts';
import type { LoadedAnalysis } from './analysis-store.ts';
import { AngleTable } from './angle-table.tsx';

const landmarkKinds = [
  { value: 'cleaned', label: 'Cleaned' },
  { value: 'raw', label: 'Raw' },
] as const;

/** Numbers of the frame on screen, and how they came about. */
export function Inspector({ analysis }: { readonly analysis: LoadedAnalysis }) {
  const { analysis: store } = useAppStores();
  const landmarks = useStore(store, (state) => state.landmarks);
  const setLandmarks = useStore(store, (state) => state.setLandmarks);
  return (
    <aside className="inspector" aria-label="Measurements">
      <Tabs className="inspector-tabs">
        <TabList className="inspector-tab-list" aria-label="Measurements">
          <Tab id="metrics" className="inspector-tab">
            Metrics
          </Tab>
          <Tab id="angles" className="inspector-tab">
            Angles
          </Tab>
          <Tab id="about" className="inspector-tab">
            About
          </Tab>
        </TabList>
        <TabPanel id="metrics" className="inspector-panel">
          <MetricsPanel />
        </TabPanel>
        <TabPanel id="angles" className="inspector-panel">
          <section>
            <AngleTable analysis={analysis} />
          </section>
          <section>
            <header className="section-header">
              <h2>Skeleton</h2>
              <Segments label="Landmarks" value={landmarks} choices={landmarkKinds} onChange={setLandmarks} />
            </header>
          </section>
        </TabPanel>
        <TabPanel id="about" className="inspector-panel">
          <AnalysisFacts analysis={analysis} />
          <section>
            <header className="section-header">
              <h2>Cleaning</h2>
            </header>
            <CleaningFacts analysis={analysis} />
          </section>
        </TabPanel>
      </Tabs>
    </aside>
  );
}

function CleaningFacts({ analysis }: { readonly analysis: LoadedAnalysis }) {
  const { cutoffHertz, filledSamples, outlierSamples, swappedFrames } = analysis.document.cleaning;
  return (
    <dl className="facts">
      <Fact name="Smoothing" value={cutoffHertz === undefined ? 'none' : `${cutoffHertz.toFixed(1)} Hz`} />
      <Fact name="Gaps filled" value={String(filledSamples)} />
      <Fact name="Outliers mended" value={String(outlierSamples)} />
      <Fact name="Sides mended" value={swappedFrames === 1 ? '1 frame' : `${swappedFrames} frames`} />
    </dl>
  );
}

function AnalysisFacts({ analysis }: { readonly analysis: LoadedAnalysis }) {
  const { document } = analysis;
  const seconds = document.timings.reduce((sum, timing) => sum + timing.seconds, 0);
  return (
    <section>
      <header className="section-header">
        <h2>Analysis</h2>
      </header>
      <dl className="facts">
        <Fact name="Athlete found" value={`${document.framesWithPose} of ${document.frames}`} />
        <Fact name="Model" value={poseModels[document.model.id].label} />
        <Fact name="Quality" value={qualityNames[qualityOf(document.parameters)]} />
        <Fact name="Device" value={document.devices.map((device) => deviceNames[device]).join(', ')} />
        <Fact name="Worked for" value={`${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`} />
        {document.cuts.length > 0 ? <Fact name="Cuts at frame" value={document.cuts.join(', ')} /> : undefined}
      </dl>
      {document.warnings.map((warning) => (
        <p key={warning} className="warning">
          {warning}
        </p>
      ))}
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
