import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { QueueStatistics } from '../../../src-main/contract/queue-views.ts';

const size = { width: 148, height: 30 };

/** Jobs ended in each minute of the last hour; failed ones stand on top, in their colour. */
export function Sparkline({ minutes }: { readonly minutes: QueueStatistics['perMinute'] }) {
  const hostRef = useRef<HTMLDivElement>(null);
  const chartRef = useRef<uPlot | undefined>(undefined);
  useEffect(() => {
    if (hostRef.current === null) return undefined;
    const chart = new uPlot(options(), [[], [], []], hostRef.current);
    chartRef.current = chart;
    const redraw = new MutationObserver(() => chart.redraw(false, true));
    redraw.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      redraw.disconnect();
      chart.destroy();
      chartRef.current = undefined;
    };
  }, []);
  useEffect(() => {
    const x = minutes.map((_, i) => i - minutes.length + 1);
    // The taller bars are drawn first, the done ones before them; where none failed, nothing shines through at the edges.
    const failures = minutes.map(({ done, failed }) => (failed > 0 ? done + failed : undefined));
    chartRef.current?.setData([x, failures, minutes.map(({ done }) => done)]);
  }, [minutes]);
  const ended = minutes.reduce((sum, { done, failed }) => sum + done + failed, 0);
  return (
    <figure className="sparkline" aria-label={`Jobs ended in each minute of the last hour, ${ended} in all`}>
      <div ref={hostRef} />
    </figure>
  );
}

function options(): uPlot.Options {
  const bars = uPlot.paths.bars?.({ size: [0.7, 4] });
  const series = (token: string): uPlot.Series => ({
    ...(bars && { paths: bars }),
    fill: () => getComputedStyle(document.documentElement).getPropertyValue(token).trim(),
    width: 0,
    points: { show: false },
  });
  return {
    ...size,
    padding: [2, 0, 1, 0],
    legend: { show: false },
    cursor: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    scales: {
      x: { time: false, range: [-60, 1] },
      y: { range: (_, __, most) => [0, Math.max(1, most)] },
    },
    axes: [{ show: false }, { show: false }],
    series: [{}, series('--problem'), series('--n6')],
  };
}
