/** One JSON object a line: what a machine that collects logs can read. Never a token, never a file's content. */
export type LogLevel = 'info' | 'warn' | 'error';
export type LogDetails = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ServerLog {
  info(event: string, details?: LogDetails): void;
  /** Also what was refused, with whose request it was. */
  warn(event: string, details?: LogDetails): void;
  error(event: string, details?: LogDetails): void;
}

export function createServerLog(write: (line: string) => void): ServerLog {
  const at = (level: LogLevel) => (event: string, details?: LogDetails) =>
    write(JSON.stringify({ at: new Date().toISOString(), level, event, ...details }));
  return { info: at('info'), warn: at('warn'), error: at('error') };
}
