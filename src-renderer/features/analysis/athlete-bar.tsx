import { Button, Group } from 'react-aria-components';
import { useStore } from 'zustand';
import { defaultModelId } from '../../../models/registry.ts';
import type { ClipView } from '../../../src-main/contract/calls.ts';
import { defaultQuality } from '../../../worker/protocol/analysis.ts';
import { useAppStores } from '../../stores/app-stores.ts';

/** Says what to do while the athlete is being pointed out, and starts the new analysis. */
export function AthleteBar({ clip }: { readonly clip: ClipView }) {
  const { athlete, settings } = useAppStores();
  const { draft, cancel, confirm } = useStore(athlete);
  const model = useStore(settings, (state) => state.settings?.model ?? defaultModelId);
  const quality = useStore(settings, (state) => state.settings?.quality ?? defaultQuality);
  return (
    <Group className="athlete-bar" aria-label="Choose athlete">
      <span>
        {draft === undefined ? 'Click the athlete, or draw a box around them.' : 'Follow this person through the clip?'}
      </span>
      <Button className="button small push-end" onPress={cancel}>
        Cancel
      </Button>
      <Button
        className="button small primary"
        isDisabled={draft === undefined}
        onPress={() => confirm(clip.clip.sha256, { model, quality })}
      >
        Analyse again
      </Button>
    </Group>
  );
}
