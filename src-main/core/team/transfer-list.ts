/** Files on their way to the team or from it, for whoever looks on. */
import type { Transfer } from '../../../worker/storage/remote-asset-store.ts';
import type { TeamTransfer } from '../../contract/team-views.ts';

export interface TransferList {
  report(transfer: Transfer): void;
  list(): TeamTransfer[];
}

const newsMilliseconds = 250;
/** One that has not moved for this long is no longer on its way; it comes back when it moves. */
const stillMilliseconds = 60_000;

export function createTransferList(options: {
  readonly nameOf: (sha256: string) => string | undefined;
  readonly onChange: () => void;
}): TransferList {
  const transfers = new Map<string, { view: TeamTransfer; movedAt: number }>();
  let news: NodeJS.Timeout | undefined;
  return {
    report({ direction, reference, bytesDone }) {
      const id = `${direction}-${reference.sha256}`;
      const name = options.nameOf(reference.sha256) ?? (direction === 'up' ? 'Clip' : 'Analysis');
      if (bytesDone >= reference.byteLength) transfers.delete(id);
      else
        transfers.set(id, {
          view: { id, direction, name, bytesDone, bytesTotal: reference.byteLength },
          movedAt: Date.now(),
        });
      news ??= setTimeout(() => {
        news = undefined;
        options.onChange();
      }, newsMilliseconds);
      news.unref();
    },
    list: () =>
      [...transfers.values()].filter(({ movedAt }) => Date.now() - movedAt < stillMilliseconds).map(({ view }) => view),
  };
}
