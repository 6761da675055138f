import type { PowerMonitor } from 'electron';
import type { MachineState } from '../../../worker/machine/machine-state.ts';

/** The machine as the desktop knows it: its plug, and when its keyboard or mouse was touched last. */
export function createDesktopMachine(
  monitor: Pick<PowerMonitor, 'isOnBatteryPower' | 'getSystemIdleTime'>,
): MachineState {
  const orElse = <T>(ask: () => T, otherwise: T): T => {
    try {
      return ask();
    } catch {
      return otherwise;
    }
  };
  return {
    async read() {
      return {
        onMains: !orElse(() => monitor.isOnBatteryPower(), false),
        idleSeconds: orElse(() => monitor.getSystemIdleTime(), 0),
      };
    },
  };
}
