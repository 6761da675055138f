import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { kindWords } from './queue-words.ts';

/** The clips that these jobs and chunks are about, and which part of them. */
export function CurrentWork({ jobIds }: { readonly jobIds: readonly string[] }) {
  const { jobs: store, library } = useAppStores();
  const jobs = useStore(store, (state) => state.jobs);
  const clips = useStore(library, (state) => state.clips);
  const words = jobIds.map((id) => {
    const [, parent = id, chunk] = /^(.+)-chunk-(\d+)$/.exec(id) ?? [];
    const job = jobs.get(parent);
    if (job === undefined) return 'A job';
    const name = clips.get(job.clipSha256)?.name ?? job.clipName ?? 'a clip';
    return chunk === undefined ? `${kindWords[job.kind]} of ${name}` : `${name}, part ${Number(chunk) + 1}`;
  });
  return <span title={words.join('; ')}>{words.join('; ')}</span>;
}
