import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import { defaultProfile } from '../../../worker/protocol/marks.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ClipFacts } from './clip-facts.tsx';
import { metricGroups } from './metric-groups.ts';
import { MetricRow } from './metric-row.tsx';
import { MomentList } from './moment-list.tsx';
import { SlowMotionQuestion } from './slow-motion-question.tsx';

/** One repetition in numbers: its moments, and every metric of its kind of motion with what is known of it. */
export function MetricsPanel() {
  const { measure } = useAppStores();
  const { repetitions, chosen, marks, problem, isSettled, choose, findAgain, takeWhole } = useStore(measure);
  const { events } = profiles[marks.profile ?? defaultProfile];
  const repetition = repetitions[chosen];
  const groups = metricGroups(repetition?.measured?.metrics ?? [], events);
  return (
    <div className="metrics" data-settled={isSettled} data-repetitions={repetitions.length}>
      <ClipFacts />
      <SlowMotionQuestion />
      {repetitions.length > 1 ? (
        <header className="section-header">
          <h2 role="status" aria-label="Repetition">
            Repetition {chosen + 1} of {repetitions.length}
          </h2>
          <span>
            <IconButton
              icon={ChevronLeft}
              label="Repetition before"
              isDisabled={chosen === 0}
              onPress={() => choose(chosen - 1)}
            />
            <IconButton
              icon={ChevronRight}
              label="Next repetition"
              isDisabled={chosen === repetitions.length - 1}
              onPress={() => choose(chosen + 1)}
            />
          </span>
        </header>
      ) : undefined}
      {repetition === undefined ? (
        <div className="metrics-empty">
          <p>{problem ?? 'No repetition is seen in this clip.'}</p>
          {marks.repetitions === undefined ? undefined : (
            <Button className="button" onPress={findAgain}>
              Find again
            </Button>
          )}
          {problem === undefined ? (
            <Button className="button" onPress={takeWhole}>
              Take the whole clip
            </Button>
          ) : undefined}
        </div>
      ) : (
        <>
          <MomentList repetition={repetition} events={events} />
          {repetition.measured === undefined ? (
            <p className="metrics-empty">
              Nothing can be measured in this stretch: the athlete is not seen well enough.
            </p>
          ) : undefined}
        </>
      )}
      {groups.measured.map(({ title, metrics }) => (
        <section key={title} className="metric-group">
          <h2>{title}</h2>
          <ul>
            {metrics.map((measured) => (
              <MetricRow key={measured.metric.id} measured={measured} events={events} />
            ))}
          </ul>
        </section>
      ))}
      {groups.unmeasured.map(({ title, metrics }) => (
        <section key={title} className="metric-group unmeasured">
          <p className="quiet">{title}</p>
          <ul>
            {metrics.map((measured) => (
              <MetricRow key={measured.metric.id} measured={measured} events={events} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
