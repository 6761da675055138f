/** The fonts that reports and films carry with them: Inter (SIL Open Font License 1.1), Latin, Greek and Cyrillic. */
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

export const reportFonts = {
  regular: () => resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
  semiBold: () => resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
} as const;
