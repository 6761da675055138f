/** Cuts off whoever sends or takes so slowly that it only holds a connection. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TeamLimits } from './team-configuration.ts';

/** Answers that go on for as long as somebody listens. */
const keptOpen = new WeakSet<ServerResponse>();

/** This answer may be silent: it tells of what happens when it happens. */
export function keepOpen(response: ServerResponse): void {
  keptOpen.add(response);
}

/** Calls `onSlow` after it has destroyed the connection. Looks at one request until it has been answered. */
export function watchSlowness(
  request: IncomingMessage,
  response: ServerResponse,
  { leastBytesPerSecond, slowSeconds }: TeamLimits,
  onSlow: (how: 'body' | 'answer') => void,
): void {
  const { socket } = request;
  const least = leastBytesPerSecond * slowSeconds;
  let [read, written] = [socket.bytesRead, socket.bytesWritten];
  const timer = setInterval(() => {
    const [readNow, writtenNow] = [socket.bytesRead - read, socket.bytesWritten - written];
    [read, written] = [socket.bytesRead, socket.bytesWritten];
    // While we work on the answer nothing need move.
    const isSlowBody = !request.complete && !response.headersSent && readNow < least;
    const isAnswering = response.headersSent && !response.writableFinished && !keptOpen.has(response);
    const isSlowAnswer = isAnswering && writtenNow < least;
    if (!isSlowBody && !isSlowAnswer) return;
    clearInterval(timer);
    socket.destroy();
    onSlow(isSlowBody ? 'body' : 'answer');
  }, slowSeconds * 1000);
  timer.unref();
  response.once('close', () => clearInterval(timer));
}
