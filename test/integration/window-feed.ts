/** What a window hears of the core: the events of its feed, in the order in which they came. */
import type { AppEvents } from '../../src-main/contract/bridge.ts';
import { appEvents } from '../../src-main/contract/calls.ts';
import type { JobView } from '../../src-main/contract/job-view.ts';
import type { TeamStatus } from '../../src-main/contract/team-views.ts';
import type { AppUnderTest } from './app-under-test.ts';

export interface WindowFeed {
  /** How many events have come: for what is asked from here on. */
  mark(): number;
  /** What was said of the team, oldest first. */
  teams(since?: number): TeamStatus[];
  /** What was said of this job, oldest first. */
  jobs(id: string, since?: number): JobView[];
  close(): void;
}

export async function openWindowFeed({
  origin,
  headers,
}: Pick<AppUnderTest, 'origin' | 'headers'>): Promise<WindowFeed> {
  const abort = new AbortController();
  const response = await fetch(new URL('/events', origin), { headers, signal: abort.signal });
  const heard: { name: string; event: unknown }[] = [];
  const listen = async (): Promise<void> => {
    for await (const { name, data } of readEvents(response)) heard.push({ name, event: JSON.parse(data) });
  };
  // It ends with the app, or when nobody listens any more.
  listen().catch(() => undefined);
  const of = <K extends keyof AppEvents>(wanted: K, since = 0): AppEvents[K][] =>
    heard
      .slice(since)
      .flatMap(({ name, event }) => (name === wanted ? [appEvents[wanted].parse(event) as AppEvents[K]] : []));
  return {
    mark: () => heard.length,
    teams: (since) => of('team.changed', since).map(({ status }) => status),
    jobs: (id, since) => of('job.changed', since).flatMap(({ job }) => (job.id === id ? [job] : [])),
    close: () => abort.abort(),
  };
}

/** Server-sent events, comments left out. */
export async function* readEvents(response: Response): AsyncGenerator<{ name: string; data: string }> {
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const block = text.slice(0, end);
      text = text.slice(end + 2);
      const name = /^event: ?(.+)$/m.exec(block)?.[1];
      const data = /^data: ?(.+)$/m.exec(block)?.[1];
      if (name !== undefined && data !== undefined) yield { name, data };
    }
  }
}
