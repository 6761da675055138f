import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { Settings } from '../../../src-main/contract/calls.ts';
import { Segments } from '../../ui/segments.tsx';

interface NotificationFieldsProps {
  readonly isOn: boolean;
  readonly change: (part: Partial<Settings>) => Promise<void>;
}

/** In a browser they also need the browser's leave, which it gives only when asked by a press. */
export function NotificationFields({ isOn, change }: NotificationFieldsProps) {
  const isBrowser = window.shadowTrainer === undefined && 'Notification' in window;
  const [permission, setPermission] = useState(isBrowser ? Notification.permission : 'granted');
  return (
    <div>
      <div className="settings-workers">
        <Segments
          label="Notices"
          value={isOn ? 'on' : 'off'}
          choices={[
            { value: 'on', label: 'On' },
            { value: 'off', label: 'Off' },
          ]}
          onChange={(value) => change({ notifications: value === 'on' })}
        />
        {isOn && permission === 'default' ? (
          <Button
            className="button small"
            onPress={() => void Notification.requestPermission().then(setPermission, () => undefined)}
          >
            Allow in this browser
          </Button>
        ) : undefined}
      </div>
      <p className="quiet settings-hint">
        {isOn && permission === 'denied'
          ? 'The browser shows none from this page: its settings forbid them.'
          : 'When a batch ends or a job fails while you look elsewhere.'}
      </p>
    </div>
  );
}
