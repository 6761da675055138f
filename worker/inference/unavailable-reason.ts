/** What onnxruntime says when a device does not work, and what that means; checked from top to bottom. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/backend not found/i, 'this system does not have it'],
  [/shared library|shared object|load library|\.dll/i, 'its libraries are not installed'],
  [/adapter|no (cuda-capable )?device|insufficient driver|DXGI/i, 'no suitable graphics card or driver was found'],
  [/out of memory|alloc/i, 'its memory is too small or in use'],
];

/** Why a device was not used, for a coach: one clause without a full stop. Unknown errors keep their own first line. */
export function unavailableReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const meaning = meanings.find(([pattern]) => pattern.test(message))?.[1];
  if (meaning !== undefined) return meaning;
  const [firstLine = ''] = message.trim().split('\n');
  return firstLine.replace(/\.$/, '') || 'it gave no reason';
}
