import { CircleAlert, X } from 'lucide-react';
import { useStore } from 'zustand';
import { useAppStores } from '../../stores/app-stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** At most this many at once; the oldest first, the rest wait their turn. */
const shownAtOnce = 3;

/** Problems that belong to no single job, below the clips, where they cover nothing. */
export function Notices() {
  const { notices: store } = useAppStores();
  const { notices, dismiss } = useStore(store);
  const waiting = notices.length - shownAtOnce;
  return (
    <section className="notices" aria-label="Notices">
      {notices.slice(0, shownAtOnce).map(({ id, subject, failure }) => (
        <div key={id} role="alert" className="notice">
          <CircleAlert size={16} aria-hidden />
          <p>
            {subject === undefined ? undefined : <strong>{subject}</strong>}
            {failure.message}
          </p>
          <IconButton icon={X} label="Dismiss" onPress={() => dismiss(id)} />
        </div>
      ))}
      {waiting > 0 ? <p className="quiet notice-more">and {waiting} more</p> : undefined}
    </section>
  );
}
