import { Button, Group, Input, Label, NumberField } from 'react-aria-components';

interface StepperProps {
  readonly label: string;
  readonly value: number;
  readonly range: readonly [number, number];
  readonly onChange: (value: number) => void;
}

/** A number with buttons to change it by one. */
export function Stepper({ label, value, range, onChange }: StepperProps) {
  return (
    <NumberField
      value={value}
      minValue={range[0]}
      maxValue={range[1]}
      onChange={(wanted) => {
        if (Number.isFinite(wanted)) onChange(wanted);
      }}
      formatOptions={{ maximumFractionDigits: 0, useGrouping: false }}
    >
      <Label className="visually-hidden">{label}</Label>
      <Group className="stepper">
        <Input className="stepper-input" />
        <Button slot="decrement">−</Button>
        <Button slot="increment">+</Button>
      </Group>
    </NumberField>
  );
}
