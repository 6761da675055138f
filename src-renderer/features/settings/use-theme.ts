import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';

/** Puts the chosen theme on the document; "system" follows the system as it changes. */
export function useTheme(): void {
  const { settings } = useAppStores();
  const theme = useStore(settings, (state) => state.settings?.theme ?? 'system');
  useEffect(() => {
    const lightSystem = window.matchMedia('(prefers-color-scheme: light)');
    const apply = () => {
      document.documentElement.dataset['theme'] = theme === 'system' ? (lightSystem.matches ? 'light' : 'dark') : theme;
    };
    apply();
    lightSystem.addEventListener('change', apply);
    return () => lightSystem.removeEventListener('change', apply);
  }, [theme]);
}
