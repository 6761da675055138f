import { X } from 'lucide-react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useStore } from 'zustand';
import { modelIds, poseModels } from '../../../models/registry.ts';
import type { Settings } from '../../../src-main/contract/calls.ts';
import { qualities } from '../../../worker/protocol/analysis.ts';
import { devices } from '../../../worker/protocol/devices.ts';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { Stepper } from '../../ui/stepper.tsx';
import { deviceNames } from './device-names.ts';
import { MetricsFields } from './metrics-fields.tsx';
import { NightlyFields } from './nightly-fields.tsx';
import { NotificationFields } from './notification-fields.tsx';
import { qualityNames } from './quality-names.ts';
import { WorkersList } from './workers-list.tsx';

const themes = [
  { value: 'system', label: 'System' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
] as const;

interface SettingsDialogProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export function SettingsDialog({ isOpen, onOpenChange }: SettingsDialogProps) {
  const { settings: store } = useAppStores();
  const { settings, info, change } = useStore(store);
  return (
    <ModalOverlay className="modal-overlay" isOpen={isOpen} onOpenChange={onOpenChange} isDismissable>
      <Modal className="modal">
        <Dialog className="dialog">
          <header className="panel-header">
            <Heading slot="title">Settings</Heading>
            <IconButton icon={X} label="Close" onPress={() => onOpenChange(false)} className="push-end" />
          </header>
          {settings === undefined ? (
            <p className="dialog-body quiet">The settings could not be read yet.</p>
          ) : (
            <div className="dialog-body">
              <Fields settings={settings} cores={info?.logicalCores} change={change} />
              <WorkersList />
              {info === undefined ? undefined : (
                <p className="quiet settings-about">
                  Shadow Trainer {info.version}
                  {info.ffmpegVersion === undefined ? '' : ` · ${info.ffmpegVersion.replace(/ Copyright.*/, '')}`}
                  <br />
                  <span className="selectable">{info.dataDirectory}</span>
                </p>
              )}
            </div>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface FieldsProps {
  readonly settings: Settings;
  readonly cores: number | undefined;
  readonly change: (part: Partial<Settings>) => Promise<void>;
}

function Fields({ settings, cores, change }: FieldsProps) {
  return (
    <div className="settings-grid">
      <span>Theme</span>
      <Segments label="Theme" value={settings.theme} choices={themes} onChange={(theme) => change({ theme })} />
      <span>Model</span>
      <div>
        <Segments
          label="Model"
          value={settings.model}
          choices={modelIds.map((value) => ({ value, label: poseModels[value].label }))}
          onChange={(model) => change({ model })}
        />
        <p className="quiet settings-hint">For clips added from now on. Heavy is the most exact and the slowest.</p>
      </div>
      <span>Quality</span>
      <div>
        <Segments
          label="Quality"
          value={settings.quality}
          choices={qualities.map((value) => ({ value, label: qualityNames[value] }))}
          onChange={(quality) => change({ quality })}
        />
        <p className="quiet settings-hint">How often the model looks at each frame: once, three times, five times.</p>
      </div>
      <span>Device</span>
      <div>
        <Segments
          label="Device"
          value={settings.device}
          choices={devices.map((value) => ({ value, label: deviceNames[value] }))}
          onChange={(device) => change({ device })}
        />
        <p className="quiet settings-hint">Where a device is missing, workers use the processor and say so below.</p>
      </div>
      <span>Workers</span>
      <div className="settings-workers">
        <Segments
          label="Number of workers"
          value={settings.workers === undefined ? 'automatic' : 'fixed'}
          choices={[
            { value: 'automatic', label: 'Automatic' },
            { value: 'fixed', label: 'Fixed' },
          ]}
          onChange={(kind) => change({ workers: kind === 'automatic' ? undefined : Math.max(1, (cores ?? 2) - 1) })}
        />
        {settings.workers === undefined ? undefined : (
          <Stepper
            label="Workers"
            value={settings.workers}
            range={[1, 64]}
            onChange={(workers) => change({ workers })}
          />
        )}
      </div>
      <span>Longest clip</span>
      <div className="settings-workers">
        <Stepper
          label="Longest clip in seconds"
          value={settings.maximumClipSeconds}
          range={[1, 7200]}
          onChange={(maximumClipSeconds) => change({ maximumClipSeconds })}
        />
        <span className="quiet">seconds</span>
      </div>
      <span>Every night</span>
      <NightlyFields settings={settings} change={change} />
      <span>Notices</span>
      <NotificationFields isOn={settings.notifications} change={change} />
      <span>Metrics</span>
      <MetricsFields metrics={settings.metrics} change={change} />
    </div>
  );
}
