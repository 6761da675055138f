import { Input, Label, TextField } from 'react-aria-components';
import { useStore } from 'zustand';
import type { Settings } from '../../../src-main/contract/calls.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { Segments } from '../../ui/segments.tsx';
import { Stepper } from '../../ui/stepper.tsx';

interface MetricsFieldsProps {
  readonly metrics: Settings['metrics'];
  readonly change: (part: Partial<Settings>) => Promise<void>;
}

/** Whether and where figures are served. What cannot be used is refused by the core, in a sentence. */
export function MetricsFields({ metrics, change }: MetricsFieldsProps) {
  const { settings } = useAppStores();
  const served = useStore(settings, ({ info }) => info?.metricsAddress);
  const set = (part: Partial<Settings['metrics']>) => change({ metrics: { ...metrics, ...part } });
  return (
    <div>
      <div className="settings-workers">
        <Segments
          label="Metrics"
          value={metrics.enabled ? 'on' : 'off'}
          choices={[
            { value: 'off', label: 'Off' },
            { value: 'on', label: 'On' },
          ]}
          onChange={(value) => set({ enabled: value === 'on' })}
        />
        {metrics.enabled ? (
          <>
            <TextField
              key={metrics.address}
              defaultValue={metrics.address}
              onBlur={({ target }) => {
                const address = (target as HTMLInputElement).value.trim();
                if (address !== metrics.address) void set({ address });
              }}
            >
              <Label className="visually-hidden">Metrics address</Label>
              <Input className="settings-text" />
            </TextField>
            <Stepper label="Metrics port" value={metrics.port} range={[0, 65_535]} onChange={(port) => set({ port })} />
          </>
        ) : undefined}
      </div>
      <p className="quiet settings-hint">
        {served === undefined ? (
          'Figures of the queue for Prometheus, for this machine alone unless you give another address.'
        ) : (
          <>
            Served at <span className="selectable">{served}</span>
          </>
        )}
      </p>
    </div>
  );
}
