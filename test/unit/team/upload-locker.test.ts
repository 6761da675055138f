import { describe, expect, it, vi } from 'vitest';
import { createUploadLocker } from '../../../worker/team/upload-locker.ts';

describe('lock of an upload', () => {
  const { signal } = new AbortController();

  it('sends a second one away while bytes come to the first', async () => {
    let now = 0;
    const locker = createUploadLocker(() => now);
    const release = vi.fn();
    const first = locker.newLock('a');
    await first.lock(signal, release);
    now = 4000;
    locker.touch('a');
    now = 8000;
    await expect(locker.newLock('a').lock(signal, release)).rejects.toMatchObject({ status_code: 423 });
    expect(release).not.toHaveBeenCalled();
    await locker.newLock('b').lock(signal, release);
    await first.unlock();
    await locker.newLock('a').lock(signal, release);
  });

  it('takes over from one that has fallen silent, when that has let go', async () => {
    let now = 0;
    const locker = createUploadLocker(() => now);
    const first = locker.newLock('a');
    const release = vi.fn(() => first.unlock());
    await first.lock(signal, release);
    now = 6000;
    await locker.newLock('a').lock(signal, () => undefined);
    expect(release).toHaveBeenCalledOnce();
  });
});
