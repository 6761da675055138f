import { ChevronDown, RotateCcw } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import { profiles } from '../../../worker/biomechanics/profiles.ts';
import { type ClipMarks, defaultProfile, profileIds } from '../../../worker/protocol/marks.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Stepper } from '../../ui/stepper.tsx';
import type { MeasureState } from './measure-store.ts';

const hands = [
  { value: 'left', label: 'Left' },
  { value: 'right', label: 'Right' },
] as const;
const kinds = profileIds.map((value) => ({ value, label: profiles[value].label }));
/** What phones and cameras film slow motion with. */
const usualRates = [60, 120, 240, 480, 960];

/** What the numbers rest on, in one line; a press opens what a coach may overrule. */
export function ClipFacts() {
  const { measure } = useAppStores();
  const state = useStore(measure);
  const { marks, say } = state;
  const { hand, heightMetres, storedRate } = factsOf(state);
  const filmed = marks.filmedFramesPerSecond;
  // What was said otherwise, as by answering a question, is offered as well.
  const usual = usualRates.filter((rate) => rate > storedRate * 1.2);
  const rates = [...new Set([storedRate, ...usual, ...(filmed === undefined ? [] : [filmed])])].sort((a, b) => a - b);
  return (
    <DialogTrigger>
      <Button className="clip-facts" aria-label="What the numbers rest on">
        <span>{wordsOf(state)}</span>
        <ChevronDown size={12} aria-hidden />
      </Button>
      <Popover className="popover clip-facts-popover" placement="bottom start">
        <Dialog aria-label="What the numbers rest on">
          <Choice name="Motion">
            <Segments
              label="Motion"
              value={marks.profile ?? defaultProfile}
              choices={kinds}
              onChange={(profile) => say({ profile, repetitions: undefined })}
            />
          </Choice>
          {hand === undefined ? undefined : (
            <Choice name="Hand" said={marks.hand} onReset={() => say({ hand: undefined })}>
              <Segments label="Hand" value={hand} choices={hands} onChange={(wanted) => say({ hand: wanted })} />
            </Choice>
          )}
          <Choice
            name="Height"
            said={marks.heightMetres}
            onReset={() => say({ heightMetres: undefined })}
            found="estimated"
          >
            <Stepper
              label="Height in centimetres"
              value={Math.round((Number.isFinite(heightMetres) ? heightMetres : 1.8) * 100)}
              range={[50, 280]}
              onChange={(centimetres) => say({ heightMetres: centimetres / 100 })}
            />
            <small className="quiet">cm</small>
          </Choice>
          <Choice
            name="Filmed at"
            said={filmed}
            onReset={() => say({ filmedFramesPerSecond: undefined })}
            found="as stored"
          >
            <Segments
              label="Frames a second it was filmed with"
              value={String(filmed ?? storedRate)}
              choices={rates.map((rate) => ({ value: String(rate), label: String(Math.round(rate)) }))}
              onChange={(rate) => say({ filmedFramesPerSecond: Number(rate) })}
            />
            <small className="quiet">fps</small>
          </Choice>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function factsOf({ repetitions, chosen, source, marks }: MeasureState) {
  const measured = (repetitions[chosen] ?? repetitions[0])?.measured;
  return {
    hand: marks.hand ?? measured?.hand,
    heightMetres: marks.heightMetres ?? measured?.heightMetres ?? Number.NaN,
    storedRate: source?.framesPerSecond ?? 0,
  };
}

/** "Baseball pitch · right hand · ≈ 1.8 m · filmed at 240 fps". */
function wordsOf(state: MeasureState): string {
  const { marks } = state;
  const { filmedFramesPerSecond: filmed } = marks;
  const { hand, heightMetres, storedRate } = factsOf(state);
  return [
    profiles[marks.profile ?? defaultProfile].label,
    hand === undefined ? undefined : `${hand} hand`,
    Number.isFinite(heightMetres)
      ? `${marks.heightMetres === undefined ? `≈ ${heightMetres.toFixed(1)}` : heightMetres.toFixed(2)} m`
      : undefined,
    filmed === undefined || filmed === storedRate ? undefined : `filmed at ${Math.round(filmed)} fps`,
  ]
    .filter((words) => words !== undefined)
    .map((words) => words.replaceAll(' ', '\u00a0'))
    .join(' · ');
}

interface ChoiceProps {
  readonly name: string;
  /** What the coach has said, if anything. */
  readonly said?: ClipMarks[keyof ClipMarks];
  /** What is said of a value that nobody has said. */
  readonly found?: string;
  readonly onReset?: () => void;
  readonly children: React.ReactNode;
}

function Choice({ name, said, found = 'found', onReset, children }: ChoiceProps) {
  return (
    <div className="choice">
      <span className="choice-name">{name}</span>
      <span className="choice-control">{children}</span>
      {onReset === undefined ? undefined : said === undefined ? (
        <small className="quiet">{found}</small>
      ) : (
        <IconButton icon={RotateCcw} label={`${name}: back to ${found}`} onPress={onReset} />
      )}
    </div>
  );
}
