/** A wire that breaks where a test wants it to: TCP, on loopback. */
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Bytes that came through since the start, both ways. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** The wire breaks as soon as this many more bytes went that way; once. Resolves when it has. */
  cutAfter(direction: 'up' | 'down', bytes: number): Promise<void>;
  /** Breaks what is open; with `true` new connections are refused too. */
  cut(forGood?: boolean): void;
  mend(): void;
  close(): Promise<void>;
}

const host = '127.0.0.1';

export async function startCuttingProxy(targetPort: number): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  const counts = { up: 0, down: 0 };
  let isCut = false;
  let plan: { direction: 'up' | 'down'; at: number; done: () => void } | undefined;
  const cut = (): void => {
    for (const socket of open) socket.resetAndDestroy();
  };
  /** Passes on what may still pass. */
  const pass = (direction: 'up' | 'down', data: Buffer, to: Socket): boolean => {
    const left = plan?.direction === direction ? plan.at - counts[direction] : Number.POSITIVE_INFINITY;
    const part = data.byteLength < left ? data : data.subarray(0, left);
    counts[direction] += part.byteLength;
    const isFlowing = to.write(part);
    if (data.byteLength >= left) {
      const { done } = plan ?? {};
      plan = undefined;
      // What came before the break arrives: no reset, which would throw away what the other end has not read yet.
      to.write('', () => {
        for (const socket of open) socket.destroy();
        done?.();
      });
    }
    return isFlowing;
  };
  const server = createServer((client) => {
    if (isCut) return void client.resetAndDestroy();
    const target = connect({ host, port: targetPort });
    for (const [socket, other, direction] of [
      [client, target, 'up'],
      [target, client, 'down'],
    ] as const) {
      open.add(socket);
      socket.on('data', (data) => {
        if (pass(direction, data, other)) return;
        socket.pause();
        other.once('drain', () => socket.resume());
      });
      socket.on('error', () => other.destroy());
      socket.on('end', () => other.end());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get bytesUp() {
      return counts.up;
    },
    get bytesDown() {
      return counts.down;
    },
    cutAfter: (direction, bytes) =>
      new Promise((done) => {
        plan = { direction, at: counts[direction] + bytes, done };
      }),
    cut(forGood = false) {
      isCut = forGood;
      cut();
    },
    mend() {
      isCut = false;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
