import type { ModelId } from '../../models/registry.ts';

/** MediaPipe's name for the model that ours was converted from. */
export function variantOf(model: ModelId): 'lite' | 'full' | 'heavy' {
  return ({ 'blazepose-lite': 'lite', 'blazepose-full': 'full', 'blazepose-heavy': 'heavy' } as const)[model];
}
