/** How a Node process is started: plain Node, or Electron acting as Node. */
export interface NodeRunner {
  readonly execPath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The runtime this process runs in. */
export function currentNodeRunner(): NodeRunner {
  const isElectron = 'electron' in process.versions;
  return { execPath: process.execPath, env: isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {} };
}
