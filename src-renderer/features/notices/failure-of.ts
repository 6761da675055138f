/** A failure as the window shows it. Hosts send stable codes; an unknown one is shown all the same. */
export interface ShownFailure {
  readonly code: string;
  readonly message: string;
}

/** Reads `{ code, message }` from whatever a bridge call rejected with. */
export function failureOf(error: unknown): ShownFailure {
  const field = (name: 'code' | 'message'): string | undefined => {
    if (typeof error !== 'object' || error === null || !(name in error)) return undefined;
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const fallback = typeof error === 'string' ? error : 'Something went wrong inside Shadow Trainer.';
  return { code: field('code') ?? 'INTERNAL', message: field('message') ?? fallback };
}
