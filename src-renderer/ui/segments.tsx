import { Label, Radio, RadioGroup } from 'react-aria-components';

interface SegmentsProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
}

/** One of a few, side by side. */
export function Segments<Value extends string>({ label, value, choices, onChange }: SegmentsProps<Value>) {
  const choose = (wanted: string) => {
    const choice = choices.find((candidate) => candidate.value === wanted);
    if (choice !== undefined) onChange(choice.value);
  };
  return (
    <RadioGroup value={value} onChange={choose} orientation="horizontal">
      <Label className="visually-hidden">{label}</Label>
      <div className="segments">
        {choices.map((choice) => (
          <Radio key={choice.value} value={choice.value} className="segment">
            {choice.label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
