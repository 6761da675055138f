import type { MeasuredMetric, ProfileEvent } from '../../../worker/biomechanics/profile.ts';
import { intervalWords, unitSigns, withPlaces } from './metric-words.ts';

interface MetricDetailsProps {
  readonly measured: MeasuredMetric;
  readonly events: readonly ProfileEvent[];
}

/** What a metric means, how well it is known, and whom it is held against. */
export function MetricDetails({ measured: { metric, value, norm }, events }: MetricDetailsProps) {
  const sign = unitSigns[metric.unit];
  const moments = metric.events.map((id) => events.find((event) => event.id === id)?.label ?? id);
  const spread = norm?.withinSession;
  return (
    <div className="metric-details">
      <p>{metric.definition}</p>
      <dl className="facts">
        {'value' in value && value.interval !== undefined ? (
          <Fact name="90 % interval" value={`${intervalWords(value.interval)}${sign}`} />
        ) : undefined}
        {moments.length > 0 ? <Fact name="Measured at" value={moments.join(', ')} /> : undefined}
        <Fact name="Needs" value={`${metric.leastFramesPerSecond} frames a second`} />
        {norm === undefined ? undefined : (
          <>
            <Fact name="Norm" value={`${numberOf(norm.mean)} ± ${numberOf(norm.sd)}${sign}`} />
            {norm.p10 === undefined || norm.p90 === undefined ? undefined : (
              <Fact name="Middle 80 %" value={`${numberOf(norm.p10)} to ${numberOf(norm.p90)}${sign}`} />
            )}
            {spread === undefined ? undefined : (
              <Fact name="One pitcher’s spread" value={`± ${numberOf(spread)}${sign}`} />
            )}
          </>
        )}
      </dl>
      {norm === undefined ? (
        <p className="quiet">No norm: there is no source that measures it in this way.</p>
      ) : (
        <p className="quiet">
          {norm.source}; {norm.level}; {norm.method}.
          {norm.offset === undefined
            ? undefined
            : ` Moved by ${numberOf(norm.offset.value)}${sign} before it is compared: ${norm.offset.reason}.`}
        </p>
      )}
    </div>
  );
}

/** As the source has it: whole numbers, small ones with a tenth. */
function numberOf(value: number): string {
  return withPlaces(value, Number.isInteger(value) ? 0 : 1);
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
