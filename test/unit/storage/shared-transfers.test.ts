import { describe, expect, it, vi } from 'vitest';
import { createSharedTransfers } from '../../../worker/storage/shared-transfers.ts';

describe('shared transfers', () => {
  const steered = () => {
    let end: () => void = () => undefined;
    const transfer = vi.fn(
      (signal: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          end = resolve;
          signal.addEventListener('abort', () => reject(new Error('aborted')));
        }),
    );
    return { transfer, end: () => end() };
  };

  it('runs once for all who ask at the same time, and again for who asks later', async () => {
    const { transfer, end } = steered();
    const transfers = createSharedTransfers();
    const both = [transfers.run('a', undefined, transfer), transfers.run('a', undefined, transfer)];
    expect(transfer).toHaveBeenCalledOnce();
    end();
    await Promise.all(both);
    const later = transfers.run('a', undefined, transfer);
    expect(transfer).toHaveBeenCalledTimes(2);
    end();
    await later;
  });

  it('goes on while anybody waits, and is aborted when nobody does', async () => {
    const { transfer } = steered();
    const transfers = createSharedTransfers();
    const [one, other] = [new AbortController(), new AbortController()];
    const first = transfers.run('a', one.signal, transfer);
    const second = transfers.run('a', other.signal, transfer);
    one.abort();
    await expect(first).rejects.toMatchObject({ code: 'CANCELLED' });
    const [given] = transfer.mock.calls[0] ?? [];
    expect(given?.aborted).toBe(false);
    other.abort();
    await expect(second).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(given?.aborted).toBe(true);
    void transfers.run('a', undefined, transfer);
    expect(transfer).toHaveBeenCalledTimes(2);
  });
});
