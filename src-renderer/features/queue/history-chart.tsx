import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface HistorySeries {
  readonly label: string;
  /** A colour of ui/tokens.css; told apart by its line as well. */
  readonly token: string;
  readonly kind: 'bars' | 'line' | 'dashes';
  readonly values: readonly (number | undefined)[];
  /** What is said of the last value, where it is not the value itself. */
  readonly last?: number | undefined;
}

interface HistoryChartProps {
  readonly title: string;
  readonly unit: string;
  /** Milliseconds since 1970. */
  readonly times: readonly number[];
  /** Drawn in this order. */
  readonly series: readonly HistorySeries[];
}

const height = 96;

/** One figure of the queue over the last hour; its last values stand beside the title. */
export function HistoryChart({ title, unit, times, series }: HistoryChartProps) {
  const hostRef = useRef<HTMLDivElement>(null);
  const chartRef = useRef<uPlot | undefined>(undefined);
  const kinds = series.map(({ kind, token }) => `${kind} ${token}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same kinds of lines make the same chart.
  useEffect(() => {
    const host = hostRef.current;
    if (host === null) return undefined;
    const chart = new uPlot(options(series, host.clientWidth), [[]], host);
    chartRef.current = chart;
    const resize = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height }));
    resize.observe(host);
    const redraw = new MutationObserver(() => chart.redraw(false, true));
    redraw.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      resize.disconnect();
      redraw.disconnect();
      chart.destroy();
      chartRef.current = undefined;
    };
  }, [kinds]);
  useEffect(() => {
    chartRef.current?.setData([times.map((time) => time / 1000), ...series.map(({ values }) => [...values])]);
  }, [times, series]);
  const summary = series.map(({ label, values, last = values.at(-1) }) => `${label} ${shown(last)}`).join(', ');
  return (
    <figure className="history-chart" aria-label={`${title} over the last hour, now: ${summary} ${unit}`}>
      <figcaption>
        <strong>{title}</strong>
        {series.map(({ label, token, kind }) => (
          <span key={label} className="quiet">
            <span className="history-key" data-kind={kind} style={{ color: `var(${token})` }} />
            {label}
          </span>
        ))}
        <span className="quiet push-end">{unit}</span>
      </figcaption>
      <div ref={hostRef} />
    </figure>
  );
}

function shown(value: number | undefined): string {
  return value === undefined ? 'none' : value.toFixed(Number.isInteger(value) ? 0 : 1);
}

function options(series: readonly HistorySeries[], width: number): uPlot.Options {
  const colour = (token: string) => (): string =>
    getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--text-quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  const bars = uPlot.paths.bars?.({ size: [0.7, 8] });
  const steps = uPlot.paths.stepped?.({ align: -1 });
  return {
    width,
    height,
    padding: [6, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      // The bar of the running minute is as wide as the others.
      x: { time: true, range: (_, first, last) => [first - 30, last + 30] },
      y: { range: (_, __, most) => [0, Math.max(1, most ?? 1) * 1.1] },
    },
    axes: [
      { ...axis, size: 20, space: 80, values: (_, times) => times.map(clock) },
      // Counts and seconds: no more lines than can be read.
      { ...axis, size: 40, space: 28, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] },
    ],
    series: [
      {},
      ...series.map(({ token, kind }): uPlot.Series => {
        if (kind === 'bars')
          return { ...(bars && { paths: bars }), fill: colour(token), width: 0, points: { show: false } };
        // A value that stands alone makes no line.
        const points = { show: true, size: 4, fill: colour(token), filter: alone };
        const line = { stroke: colour(token), width: 1.5, points };
        return { ...line, ...(steps && { paths: steps }), ...(kind === 'dashes' && { dash: [4, 3] }) };
      }),
    ],
  };
}

/** Which of a line's values have none beside them. */
const alone: uPlot.Series.Points.Filter = (chart, index) => {
  const values = chart.data[index] ?? [];
  const isThere = (i: number): boolean => values[i] !== undefined && values[i] !== null;
  return Array.from(values).flatMap((_, i) => (isThere(i) && !isThere(i - 1) && !isThere(i + 1) ? [i] : []));
};

function clock(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
