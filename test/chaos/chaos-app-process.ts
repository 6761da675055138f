/** The app of a chaos run, seen from its driver: started again whenever it dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { type ChaosAppSettings, type FromApp, fromAppSchema, type ToApp } from './chaos-messages.ts';

const script = resolve(import.meta.dirname, 'chaos-app.ts');
const startsAgainAfterMilliseconds = 100;

export interface ChaosAppProcess {
  /** Undefined while it is not running. */
  readonly pid: number | undefined;
  /** Whether it has said that it is ready, since its last start. */
  readonly isReady: boolean;
  send(message: ToApp): void;
  kill(): void;
  /** In order; resolves when it has ended. */
  stop(): Promise<void>;
}

export function startChaosApp(
  settings: ChaosAppSettings,
  environment: Readonly<Record<string, string>>,
  on: { readonly message: (message: FromApp) => void; readonly log: (line: string) => void },
): ChaosAppProcess {
  let child: ChildProcess | undefined;
  let isReady = false;
  let isStopping = false;
  let onStopped: () => void = () => undefined;
  const launch = (): void => {
    isReady = false;
    const started = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(settings)], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    child = started;
    started.stderr?.on('data', (data: Buffer) => on.log(data.toString().trimEnd()));
    started.on('message', (data) => {
      const message = fromAppSchema.parse(data);
      if (message.type === 'ready') isReady = true;
      on.message(message);
    });
    started.on('exit', (code, signal) => {
      on.log(`the app ended with ${signal ?? code}`);
      isReady = false;
      child = undefined;
      if (isStopping) onStopped();
      else setTimeout(launch, startsAgainAfterMilliseconds);
    });
  };
  launch();
  return {
    get pid() {
      return child?.pid;
    },
    get isReady() {
      return isReady;
    },
    send(message) {
      // Between a death and its notice the channel is closed; the driver asks again.
      if (child?.connected) child.send(message, () => undefined);
    },
    kill: () => void child?.kill('SIGKILL'),
    async stop() {
      isStopping = true;
      const running = child;
      if (running === undefined) return;
      const stopped = new Promise<void>((done) => {
        onStopped = done;
      });
      if (isReady) running.send({ type: 'stop' } satisfies ToApp, () => undefined);
      else running.kill('SIGTERM');
      const impatience = setTimeout(() => running.kill('SIGKILL'), 30_000);
      await stopped;
      clearTimeout(impatience);
    },
  };
}
