/** The one door for calls from outside: input parsed by its schema, failures turned into data. */
import { type Failure, toFailure } from '../../worker/protocol/errors.ts';
import { appCalls } from '../contract/calls.ts';
import type { App } from './app.ts';

export type DispatchResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly failure: Failure };

type CallName = keyof typeof appCalls;

function isCallName(name: string): name is CallName {
  return Object.hasOwn(appCalls, name);
}

/** Never throws. */
export async function dispatch(
  app: App,
  name: string,
  input: unknown,
  onLog: (line: string) => void,
): Promise<DispatchResult> {
  if (!isCallName(name)) return invalid(`There is no call ${JSON.stringify(name)}.`);
  const parsed = appCalls[name].input.safeParse(input);
  if (!parsed.success)
    return invalid(`The input of ${name} is not valid: ${parsed.error.issues[0]?.message ?? 'unknown'}.`);
  try {
    // The schema of this very name has just accepted the input.
    const handler = app.calls[name] as (value: unknown) => Promise<unknown>;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    onLog(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { ok: false, failure: toFailure(error) };
  }
}

function invalid(message: string): DispatchResult {
  return { ok: false, failure: { code: 'INVALID_INPUT', message } };
}
