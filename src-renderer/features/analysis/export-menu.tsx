import { ChevronDown, X } from 'lucide-react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { progressDetails, stageOf } from '../queue/describe-job.ts';
import { type ExportKind, exportKinds } from './export-store.ts';

const names: Readonly<Record<ExportKind, { readonly label: string; readonly ending: string }>> = {
  overlay: { label: 'Overlay video', ending: '.mp4' },
  csv: { label: 'CSV table', ending: '.csv' },
  json: { label: 'JSON', ending: '.json' },
};

/** Files made from the analysis. Each is offered for saving as soon as it is made. */
export function ExportMenu({ analysisId }: { readonly analysisId: string | undefined }) {
  const { exports } = useAppStores();
  const { running, start, cancel } = useStore(exports);
  return (
    <>
      {[...running].map(([jobId, { kind, job }]) => (
        <div key={jobId} className="export-running">
          <span>{names[kind].label}</span>
          <ProgressLine
            label={`Export: ${job === undefined ? 'Waiting' : stageOf(job)}`}
            fraction={job?.progress?.fraction ?? (job?.status === 'running' ? undefined : 0)}
          />
          <span className="quiet">{job === undefined ? '' : (progressDetails(job).at(-1) ?? '')}</span>
          <IconButton icon={X} label="Cancel export" onPress={() => cancel(jobId)} />
        </div>
      ))}
      <MenuTrigger>
        <Button className="button" isDisabled={analysisId === undefined}>
          Export <ChevronDown size={12} aria-hidden />
        </Button>
        <Popover className="popover" placement="bottom end">
          <Menu
            onAction={(key) => analysisId && void start(analysisId, exportKinds.find((kind) => kind === key) ?? 'json')}
          >
            {exportKinds.map((kind) => (
              <MenuItem key={kind} id={kind} textValue={names[kind].label} className="menu-item">
                {names[kind].label}
                <span className="quiet">{names[kind].ending}</span>
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </>
  );
}
