import { describe, expect, it } from 'vitest';
import { createEventHub } from '../../../src-main/core/event-hub.ts';
import type { Failure } from '../../../worker/protocol/errors.ts';

const failure: Failure = { code: 'QUEUE_DAMAGED', message: 'The file was repaired.' };

describe('the event hub', () => {
  it('keeps problems that came before anybody listened, and repeats them once', () => {
    const hub = createEventHub();
    hub.emit('app.problem', { failure });
    const heard: Failure[] = [];
    hub.on('app.problem', (event) => heard.push(event.failure));
    hub.repeatProblems();
    hub.repeatProblems();
    expect(heard).toEqual([failure]);
  });

  it('does not repeat what was heard, and nobody hears after unsubscribing', () => {
    const hub = createEventHub();
    const heard: string[] = [];
    const stop = hub.onAny((name) => heard.push(name));
    hub.emit('app.problem', { failure });
    hub.repeatProblems();
    stop();
    hub.emit('app.problem', { failure });
    expect(heard).toEqual(['app.problem']);
  });
});
