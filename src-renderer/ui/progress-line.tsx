import { ProgressBar } from 'react-aria-components';

/** A thin bar. `fraction` 0..1; undefined: under way, length unknown. */
export function ProgressLine({ label, fraction }: { readonly label: string; readonly fraction: number | undefined }) {
  return (
    <ProgressBar
      aria-label={label}
      value={(fraction ?? 0) * 100}
      isIndeterminate={fraction === undefined}
      className="progress-line"
    >
      {({ percentage, isIndeterminate }) => (
        <div
          className={isIndeterminate ? 'progress-fill waiting' : 'progress-fill'}
          {...(isIndeterminate ? {} : { style: { width: `${percentage ?? 0}%` } })}
        />
      )}
    </ProgressBar>
  );
}
