import type { AppEvents, Unsubscribe } from '../contract/bridge.ts';

type Name = keyof AppEvents;
type AnyListener = <K extends Name>(name: K, event: AppEvents[K]) => void;

/** The core's events, for hosts to pass on. */
export interface EventHub {
  emit<K extends Name>(name: K, event: AppEvents[K]): void;
  on<K extends Name>(name: K, listener: (event: AppEvents[K]) => void): Unsubscribe;
  /** Every event, whatever its name. */
  onAny(listener: AnyListener): Unsubscribe;
  /** Emits the problems that came before anybody listened, as those of the start: once. */
  repeatProblems(): void;
}

export function createEventHub(): EventHub {
  const listeners = new Set<AnyListener>();
  const unheard: AppEvents['app.problem'][] = [];
  const onAny = (listener: AnyListener): Unsubscribe => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    emit(name, event) {
      // The name decides the event's type; the compiler does not follow that through the union.
      if (name === 'app.problem' && listeners.size === 0) unheard.push(event as AppEvents['app.problem']);
      for (const listener of listeners) listener(name, event);
    },
    on(wanted, listener) {
      return onAny((name, event) => {
        if ((name as Name) === wanted) listener(event as never);
      });
    },
    onAny,
    repeatProblems() {
      for (const problem of unheard.splice(0)) for (const listener of listeners) listener('app.problem', problem);
    },
  };
}
