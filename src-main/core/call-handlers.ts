import type { AppCalls } from '../contract/bridge.ts';

/** Who answers the calls of the bridge, each by its name. */
export type CallHandlers = { [K in keyof AppCalls]: (input: AppCalls[K]['input']) => Promise<AppCalls[K]['output']> };
