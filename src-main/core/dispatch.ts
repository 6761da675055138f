/** The one door for calls from outside: input parsed by its schema, failures turned into data. */
import { type Failure, toFailure } from '../../worker/protocol/errors.ts';
import { appCalls } from '../contract/calls.ts';
import type { CallHandlers } from './call-handlers.ts';

export type DispatchResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: Failure };

type CallName = keyof typeof appCalls;

function isCallName(name: string): name is CallName {
  return Object.hasOwn(appCalls, name);
}

/** Never throws. What has no handler is no call of this host. */
export async function dispatch(
  app: { readonly calls: Partial<CallHandlers> },
  name: string,
  input: unknown,
  onLog: (line: string) => void,
): Promise<DispatchResult> {
  const handler = isCallName(name) ? app.calls[name] : undefined;
  if (!isCallName(name) || handler === undefined) return invalid(`There is no call ${JSON.stringify(name)}.`);
  const parsed = appCalls[name].input.safeParse(input);
  if (!parsed.success)
    return invalid(`The input of ${name} is not valid: ${parsed.error.issues[0]?.message ?? 'unknown'}.`);
  try {
    // The schema of this very name has just accepted the input.
    return { ok: true, value: await (handler as (value: unknown) => Promise<unknown>)(parsed.data) };
  } catch (error) {
    onLog(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { ok: false, failure: toFailure(error) };
  }
}

function invalid(message: string): DispatchResult {
  return { ok: false, failure: { code: 'INVALID_INPUT', message } };
}
