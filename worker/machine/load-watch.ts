/** For how long a machine has had next to nothing to do beside our own work. */
export interface LoadWatch {
  /** `load`: the system's average of the last minute. Returns seconds of quiet until now. */
  look(now: { readonly load: number; readonly working: boolean; readonly atSeconds: number }): number;
}

/** Of its cores; what a desktop needs to lie there. */
const quietShare = 0.3;
/** A look every now and then is all that is asked for: a longer pause says nothing of what was in between. */
const longestGapSeconds = 600;
/** The average of a minute takes this long to forget our own work. */
const forgettingSeconds = 180;

export function createLoadWatch({ cores }: { readonly cores: number }): LoadWatch {
  let quietSince: number | undefined;
  let lastLook = Number.NEGATIVE_INFINITY;
  let lastWork = Number.NEGATIVE_INFINITY;
  return {
    look({ load, working, atSeconds }) {
      if (working) lastWork = atSeconds;
      const isOurs = atSeconds - lastWork <= forgettingSeconds;
      // Our own work takes a core for each of its threads; what is beyond that is somebody else's.
      const isQuiet = load <= cores * (quietShare + (isOurs ? 1 : 0));
      if (!isQuiet || atSeconds - lastLook > longestGapSeconds) quietSince = isQuiet ? atSeconds : undefined;
      else quietSince ??= atSeconds;
      lastLook = atSeconds;
      return quietSince === undefined ? 0 : atSeconds - quietSince;
    },
  };
}
