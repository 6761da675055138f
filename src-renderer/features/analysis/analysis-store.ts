import { createStore } from 'zustand/vanilla';
import type { AppBridge } from '../../../src-main/contract/bridge.ts';
import { decodeNpy } from '../../../worker/biomechanics/npy.ts';
import { type AnalysisDocument, type AnalysisFile, analysisFiles } from '../../../worker/protocol/analysis.ts';
import { failureOf, type ShownFailure } from '../notices/failure-of.ts';

/** F frames, K keypoints, A angles; missing = NaN. */
export interface LoadedAnalysis {
  readonly document: AnalysisDocument;
  readonly keypointCount: number;
  /** [F]: seconds from the first frame. */
  readonly timesSeconds: ArrayLike<number>;
  /** [F × K × 4]: x, y in display pixels, visibility, presence. */
  readonly cleaned: Float32Array | Float64Array;
  readonly raw: Float32Array | Float64Array;
  /** [F × K × 3]: metres, x right, y down, z away from the camera. Cleaned. */
  readonly landmarks3d: Float32Array | Float64Array;
  /** [F × A]: degrees. */
  readonly angles: Float32Array | Float64Array;
}

export interface AnalysisState {
  readonly analysisId: string | undefined;
  readonly status: 'none' | 'loading' | 'ready' | 'failed';
  readonly analysis: LoadedAnalysis | undefined;
  readonly failure: ShownFailure | undefined;
  readonly overlayShown: boolean;
  readonly keyMapShown: boolean;
  /** Landmarks as the model gave them, or cleaned. */
  readonly landmarks: 'cleaned' | 'raw';
  /** Ids of the angles in the chart. Kept from clip to clip. */
  readonly chosenAngles: readonly string[];
  open(analysisId: string | undefined): Promise<void>;
  retry(): Promise<void>;
  toggleOverlay(): void;
  showKeyMap(shown: boolean): void;
  setLandmarks(landmarks: 'cleaned' | 'raw'): void;
  toggleAngle(id: string): void;
}

export function createAnalysisStore(bridge: AppBridge) {
  const readArray = async (analysisId: string, file: AnalysisFile) => {
    const response = await fetch(bridge.analysisUrl(analysisId, file));
    if (!response.ok) throw new Error(`The analysis could not be read (${file}: ${response.status}).`);
    return decodeNpy(new Uint8Array(await response.arrayBuffer()));
  };
  const load = async (analysisId: string): Promise<LoadedAnalysis> => {
    const [{ document }, time, cleaned, raw, landmarks3d, angles] = await Promise.all([
      bridge.call('analysis.open', { analysisId }),
      readArray(analysisId, analysisFiles.time),
      readArray(analysisId, analysisFiles.landmarks2d),
      readArray(analysisId, analysisFiles.landmarks2dRaw),
      readArray(analysisId, analysisFiles.landmarks3d),
      readArray(analysisId, analysisFiles.angles),
    ]);
    const keypointCount = cleaned.shape[1] ?? 0;
    return {
      ...{ document, keypointCount, timesSeconds: time.data },
      ...{ cleaned: cleaned.data, raw: raw.data, landmarks3d: landmarks3d.data, angles: angles.data },
    };
  };
  return createStore<AnalysisState>()((set, get) => ({
    analysisId: undefined,
    status: 'none',
    analysis: undefined,
    failure: undefined,
    overlayShown: true,
    keyMapShown: false,
    landmarks: 'cleaned',
    chosenAngles: [],
    open: async (analysisId) => {
      if (get().analysisId === analysisId && get().status !== 'failed') return;
      set({ analysisId, analysis: undefined, failure: undefined, status: analysisId ? 'loading' : 'none' });
      if (analysisId === undefined) return;
      try {
        const analysis = await load(analysisId);
        if (get().analysisId !== analysisId) return;
        const known = analysis.document.angles.map(({ id }) => id);
        const kept = get().chosenAngles.filter((id) => known.includes(id));
        set({ analysis, status: 'ready', chosenAngles: kept.length > 0 ? kept : firstChoice(known) });
      } catch (error) {
        if (get().analysisId === analysisId) set({ status: 'failed', failure: failureOf(error) });
      }
    },
    retry: () => get().open(get().analysisId),
    toggleOverlay: () => set(({ overlayShown }) => ({ overlayShown: !overlayShown })),
    showKeyMap: (keyMapShown) => set({ keyMapShown }),
    setLandmarks: (landmarks) => set({ landmarks }),
    toggleAngle: (id) =>
      set(({ chosenAngles: chosen }) => ({
        chosenAngles: chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id],
      })),
  }));
}

/** Both knees where they are measured: every motion bends them. Otherwise the first two. */
function firstChoice(ids: readonly string[]): readonly string[] {
  const knees = ids.filter((id) => id.includes('knee'));
  return knees.length > 0 ? knees : ids.slice(0, 2);
}
