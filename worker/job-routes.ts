/** Which jobs a worker leaves to others, by what workers say of themselves: their models and their devices. */
import type { ModelId } from '../models/registry.ts';
import { type Heartbeat, heartbeatExpirySeconds, parseHeartbeat } from './protocol/control.ts';
import { createHeardLately } from './protocol/heard-lately.ts';
import { protocolVersion } from './protocol/version.ts';
import type { JobData } from './queue/job-engine.ts';

export type Capabilities = Pick<Heartbeat, 'models' | 'device'>;

export interface JobRoutesOptions {
  readonly own: () => Capabilities;
  /** Of every worker of the queue, as they are kept. */
  readonly readHeartbeats: () => Promise<readonly string[]>;
  readonly now?: () => number;
}

export interface JobRoutes {
  /**
   * Whether another worker, but not this one, has the model that the job needs, or the graphics processor that it would
   * rather have. Where nobody has what it needs, its failure says so; where nobody has what it prefers, anybody does it.
   */
  belongsElsewhere(data: JobData): Promise<boolean>;
}

export function createJobRoutes({ own, readHeartbeats, now }: JobRoutesOptions): JobRoutes {
  const isHeard = createHeardLately(now);
  const takesJobs = ({ workerId, at, paused, leaving, refusal, protocolVersion: spoken }: Heartbeat): boolean =>
    isHeard(workerId, at, heartbeatExpirySeconds) &&
    spoken === protocolVersion &&
    paused !== true &&
    leaving !== true &&
    refusal === undefined;

  return {
    async belongsElsewhere(data) {
      const { parameters, prefers } = data as { parameters?: { model?: ModelId }; prefers?: 'gpu' };
      const hasModel = ({ models }: Capabilities): boolean =>
        parameters?.model === undefined || models?.[parameters.model] !== undefined;
      const hasWhatItPrefers = (worker: Capabilities): boolean => prefers !== 'gpu' || isGpu(worker);
      if (hasModel(own()) && hasWhatItPrefers(own())) return false;
      const others = (await readHeartbeats()).flatMap((text) => parseHeartbeat(text) ?? []).filter(takesJobs);
      // One without the model is no choice, whatever it runs on.
      const isBetter = hasModel(own()) ? hasWhatItPrefers : (): boolean => true;
      return others.some((other) => hasModel(other) && isBetter(other));
    },
  };
}

function isGpu({ device }: Capabilities): boolean {
  return device !== undefined && device.active !== 'cpu';
}
