import { Input, Label, TextField } from 'react-aria-components';
import type { Settings } from '../../../src-main/contract/calls.ts';
import { Segments } from '../../ui/segments.tsx';

interface NightlyFieldsProps {
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => Promise<void>;
}

const onOrOff = [
  { value: 'off', label: 'Off' },
  { value: 'on', label: 'On' },
] as const;

/** What is done by itself at night, and when. What was missed while the computer was off is made up for. */
export function NightlyFields({ settings, change }: NightlyFieldsProps) {
  const { nightlyTime, nightlyCleanUp, nightlyReAnalysis } = settings;
  return (
    <div className="nightly">
      <div className="settings-workers">
        <Segments
          label="Clean up every night"
          value={nightlyCleanUp ? 'on' : 'off'}
          choices={onOrOff}
          onChange={(value) => change({ nightlyCleanUp: value === 'on' })}
        />
        <span className="quiet">Clean up: files that nothing needs any more go</span>
      </div>
      <div className="settings-workers">
        <Segments
          label="Analyse again every night"
          value={nightlyReAnalysis ? 'on' : 'off'}
          choices={onOrOff}
          onChange={(value) => change({ nightlyReAnalysis: value === 'on' })}
        />
        <span className="quiet">Analyse again: what an older version, another model or quality did</span>
      </div>
      {nightlyCleanUp || nightlyReAnalysis ? (
        <TextField
          key={nightlyTime}
          className="settings-workers"
          defaultValue={nightlyTime}
          onBlur={({ target }) => {
            const time = (target as HTMLInputElement).value;
            if (time !== '' && time !== nightlyTime) void change({ nightlyTime: time });
          }}
        >
          <Label className="quiet">At</Label>
          <Input type="time" className="settings-text" />
        </TextField>
      ) : undefined}
    </div>
  );
}
