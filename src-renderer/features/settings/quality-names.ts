import type { Quality } from '../../../worker/protocol/analysis.ts';

export const qualityNames: Readonly<Record<Quality, string>> = { fast: 'Fast', standard: 'Standard', best: 'Best' };
