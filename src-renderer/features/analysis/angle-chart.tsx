import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import type { LoadedAnalysis } from './analysis-store.ts';
import { angleStyle } from './angle-style.ts';
import { nearestFrame } from './frame-search.ts';

/** Angles over time. The line stands at the frame on screen; a press or a drag goes there. */
export function AngleChart({ analysis }: { readonly analysis: LoadedAnalysis }) {
  const { analysis: store, playback, measure } = useAppStores();
  const chosen = useStore(store, (state) => state.chosenAngles);
  const hostRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return undefined;
    const chart = new uPlot(options(analysis, chosen, sizeOf(host)), data(analysis, chosen), host);
    const cursor = document.createElement('div');
    cursor.className = 'chart-cursor';
    cursor.dataset['testid'] = 'chart-cursor';
    const events = document.createElement('div');
    chart.over.append(events, cursor);
    const placeEvents = () => {
      const { repetitions, chosen: repetition } = measure.getState();
      const times = Object.values(repetitions[repetition]?.events ?? {});
      events.replaceChildren(
        ...times.map(({ timeSeconds }) => {
          const line = document.createElement('div');
          line.className = 'chart-event';
          line.style.transform = `translateX(${chart.valToPos(timeSeconds, 'x')}px)`;
          return line;
        }),
      );
    };
    const place = () => {
      const { shownFrame } = playback.getState();
      const time = shownFrame === undefined ? undefined : analysis.timesSeconds[shownFrame];
      cursor.hidden = time === undefined;
      cursor.dataset['frame'] = shownFrame === undefined ? '' : String(shownFrame);
      if (time !== undefined) cursor.style.transform = `translateX(${chart.valToPos(time, 'x')}px)`;
    };
    const seek = (event: PointerEvent) => {
      const x = event.clientX - chart.over.getBoundingClientRect().left;
      playback.getState().seek(nearestFrame(analysis.timesSeconds, chart.posToVal(x, 'x')));
    };
    chart.over.addEventListener('pointerdown', (event) => {
      chart.over.setPointerCapture(event.pointerId);
      playback.getState().shuttle('K');
      seek(event);
    });
    chart.over.addEventListener('pointermove', (event) => {
      if (event.buttons === 1) seek(event);
    });
    const observer = new ResizeObserver(() => {
      chart.setSize(sizeOf(host));
      place();
      placeEvents();
    });
    observer.observe(host);
    // Colours are read while drawing. Scales stay as they are: they may not even be there yet.
    const redraw = new MutationObserver(() => chart.redraw(false, true));
    redraw.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    place();
    placeEvents();
    const stops = [
      playback.subscribe((state, before) => {
        if (state.shownFrame !== before.shownFrame) place();
      }),
      measure.subscribe((state, before) => {
        if (state.repetitions !== before.repetitions || state.chosen !== before.chosen) placeEvents();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      redraw.disconnect();
      observer.disconnect();
      chart.destroy();
    };
  }, [analysis, chosen, playback, measure]);
  return (
    <figure className="chart" aria-label="Angles over time">
      <div ref={hostRef} className="chart-host" />
      {chosen.length === 0 ? <p className="chart-empty quiet">Choose an angle at the right.</p> : undefined}
    </figure>
  );
}

function sizeOf(host: HTMLElement): { width: number; height: number } {
  return { width: host.clientWidth, height: host.clientHeight };
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function columnOf(analysis: LoadedAnalysis, id: string): number {
  return analysis.document.angles.findIndex((angle) => angle.id === id);
}

/** Missing samples become gaps. */
function data(analysis: LoadedAnalysis, chosen: readonly string[]): uPlot.AlignedData {
  const count = analysis.document.angles.length;
  const times = Array.from(analysis.timesSeconds);
  const series = chosen.map((id) => {
    const column = columnOf(analysis, id);
    return times.map((_, frame) => {
      const value = analysis.angles[frame * count + column];
      return value === undefined || Number.isNaN(value) ? null : value;
    });
  });
  return [times, ...series];
}

function options(
  analysis: LoadedAnalysis,
  chosen: readonly string[],
  size: { width: number; height: number },
): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: () => token('--n7'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: () => token('--n4'), width: 1 },
    ticks: { show: false },
  };
  return {
    ...size,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false, range: (_, least, most) => [least, Math.max(most, least + 0.001)] } },
    series: [
      {},
      ...chosen.map((id): uPlot.Series => {
        const style = angleStyle({ angles: analysis.document.angles, chosen, id });
        return {
          label: id,
          stroke: () => token(style.token),
          dash: [...style.dash],
          width: 1.5,
          points: { show: false },
        };
      }),
    ],
    axes: [
      { ...axis, size: 26, gap: 4, space: 70, values: (_, ticks) => ticks.map((tick) => `${+tick.toFixed(3)} s`) },
      { ...axis, size: 44, gap: 6, space: 24, values: (_, ticks) => ticks.map((tick) => `${tick}°`) },
    ],
  };
}
