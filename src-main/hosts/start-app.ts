/** What both window hosts do alike: options from the command line, the core started with the built parts, one end. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { MachineState } from '../../worker/machine/machine-state.ts';
import { currentNodeRunner } from '../../worker/node-runner.ts';
import { appPaths, appVersion, defaultDataDirectory } from '../app-paths.ts';
import { type App, createApp } from '../core/app.ts';
import type { FileRegistry } from './file-registry.ts';

export interface HostOptions {
  readonly dataDirectory: string;
}

/** `--data-directory FOLDER`; other arguments belong to the host's own runtime. */
export function readHostOptions(args: readonly string[]): HostOptions {
  const { values } = parseArgs({ args: [...args], options: { 'data-directory': { type: 'string' } }, strict: false });
  const given = values['data-directory'];
  return { dataDirectory: typeof given === 'string' ? resolve(given) : defaultDataDirectory(process.env) };
}

export async function startApp(
  host: 'electron' | 'loopback',
  options: HostOptions,
  files: FileRegistry,
  machine?: MachineState,
): Promise<App> {
  return await createApp({
    host,
    version: appVersion(),
    dataDirectory: options.dataDirectory,
    queue: 'kept',
    ...appPaths,
    runner: currentNodeRunner(),
    environment: process.env,
    files,
    machine,
    onLog: (line) => console.error(line),
  });
}
