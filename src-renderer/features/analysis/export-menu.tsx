import { ChevronDown, ChevronRight, X } from 'lucide-react';
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  SubmenuTrigger,
} from 'react-aria-components';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { ProgressLine } from '../../ui/progress-line.tsx';
import { progressDetails, stageOf } from '../queue/describe-job.ts';
import type { ExportKind } from './export-store.ts';

const names: Readonly<Record<ExportKind, { readonly label: string; readonly ending: string }>> = {
  overlay: { label: 'Overlay video', ending: '.mp4' },
  'side-by-side': { label: 'Side by side with', ending: '.mp4' },
  pdf: { label: 'PDF report', ending: '.pdf' },
  xlsx: { label: 'Excel workbook', ending: '.xlsx' },
  csv: { label: 'CSV table', ending: '.csv' },
  json: { label: 'JSON', ending: '.json' },
  c3d: { label: 'C3D', ending: '.c3d' },
  trc: { label: 'OpenSim points', ending: '.trc' },
  mot: { label: 'OpenSim angles', ending: '.mot' },
  npy: { label: 'NumPy joints', ending: '.npy' },
  npz: { label: 'NumPy, all arrays', ending: '.npz' },
};

type PlainKind = Exclude<ExportKind, 'side-by-side'>;
const sections: readonly { readonly title: string; readonly kinds: readonly PlainKind[] }[] = [
  { title: 'Video', kinds: ['overlay'] },
  { title: 'Report', kinds: ['pdf'] },
  { title: 'Tables', kinds: ['xlsx', 'csv', 'json'] },
  { title: 'Motion files', kinds: ['c3d', 'trc', 'mot', 'npy', 'npz'] },
];

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
          <Menu>
            {sections.map(({ title, kinds }) => (
              <MenuSection key={title} className="menu-section">
                <Header className="menu-heading">{title}</Header>
                {kinds.map((kind) => (
                  <MenuItem
                    key={kind}
                    id={kind}
                    textValue={names[kind].label}
                    className="menu-item"
                    onAction={() => analysisId !== undefined && void start(analysisId, kind)}
                  >
                    {names[kind].label}
                    <span className="quiet">{names[kind].ending}</span>
                  </MenuItem>
                ))}
                {title === 'Video' && analysisId !== undefined ? <SideBySideItem analysisId={analysisId} /> : undefined}
              </MenuSection>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </>
  );
}

/** The other analysed clips of the library, to be shown beside this one. */
function SideBySideItem({ analysisId }: { readonly analysisId: string }) {
  const { exports, library } = useAppStores();
  const { start } = useStore(exports);
  const clips = useStore(library, (state) => state.clips);
  const others = [...clips.values()].flatMap(({ clip, name, marks, analysisIds }) =>
    analysisIds[0] === undefined || analysisIds.includes(analysisId)
      ? []
      : [{ id: clip.sha256, name, athlete: marks?.athlete, analysisId: analysisIds[0] }],
  );
  const item = (
    <MenuItem id="side-by-side" textValue="Side by side" className="menu-item" isDisabled={others.length === 0}>
      Side by side with
      <ChevronRight className="quiet" size={12} aria-hidden />
    </MenuItem>
  );
  if (others.length === 0) return item;
  return (
    <SubmenuTrigger>
      {item}
      <Popover className="popover">
        <Menu aria-label="Side by side with">
          {others.map(({ id, name, athlete, analysisId: reference }) => (
            <MenuItem
              key={id}
              id={id}
              textValue={name}
              className="menu-item"
              onAction={() => void start(analysisId, 'side-by-side', { reference: { analysisId: reference } })}
            >
              {name}
              {athlete === undefined ? undefined : <span className="quiet">{athlete}</span>}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </SubmenuTrigger>
  );
}
