import { describe, expect, it } from 'vitest';
import { parseControlMessage, parseHeartbeat } from '../../../worker/protocol/control.ts';
import {
  AppError,
  CancelledError,
  ClipRefusedError,
  clipRefusalCodes,
  errorCodes,
  failureSchema,
  isClipRefusal,
  isPermanent,
  throwIfAborted,
  toFailure,
} from '../../../worker/protocol/errors.ts';

describe('errors', () => {
  it('are permanent where trying again cannot help, and only there', () => {
    expect(errorCodes.filter(isPermanent)).toEqual([
      ...clipRefusalCodes,
      'CANCELLED',
      'TIME_LIMIT',
      'POISONED',
      'PROTOCOL_MISMATCH',
      'INVALID_INPUT',
      'NOT_FOUND',
    ]);
  });

  it('tell a refused clip from a failure of our own', () => {
    expect(errorCodes.filter(isClipRefusal)).toEqual([...clipRefusalCodes]);
    expect(isClipRefusal('CANCELLED')).toBe(false);
  });

  it.each([
    [new ClipRefusedError('CLIP_EMPTY', 'a.mp4 is empty.'), { code: 'CLIP_EMPTY', message: 'a.mp4 is empty.' }],
    [new CancelledError(), { code: 'CANCELLED', message: 'Cancelled.' }],
    [
      new AppError('DISK_FULL', 'The disk is full.', { cause: new Error('ENOSPC') }),
      { code: 'DISK_FULL', message: 'The disk is full.' },
    ],
  ])('become data: %s', (error, failure) => {
    expect(toFailure(error)).toEqual(failure);
    expect(failureSchema.parse(JSON.parse(JSON.stringify(toFailure(error))))).toEqual(failure);
  });

  it.each([new TypeError('x is not a function'), 'a string', undefined, { odd: true }])(
    'that nobody foresaw become INTERNAL with a sentence: %s',
    (thrown) => {
      const failure = failureSchema.parse(toFailure(thrown));
      expect(failure.code).toBe('INTERNAL');
      expect(failure.message).toMatch(/^Something went wrong inside Shadow Trainer: /);
    },
  );

  it('of an aborted signal are cancellations that keep the reason', () => {
    const abort = new AbortController();
    expect(() => throwIfAborted(abort.signal)).not.toThrow();
    abort.abort('enough');
    expect(() => throwIfAborted(abort.signal)).toThrow(CancelledError);
    expect(() => throwIfAborted(abort.signal)).toThrow(expect.objectContaining({ cause: 'enough' }));
  });
});

describe('control messages', () => {
  it('are understood or ignored, never thrown', () => {
    expect(parseControlMessage('{"type":"cancel","jobIds":["a"]}')).toEqual({ type: 'cancel', jobIds: ['a'] });
    expect(parseControlMessage('{"type":"drain"}')).toEqual({ type: 'drain' });
    expect(parseControlMessage('{"type":"stop","workerId":"w"}')).toEqual({ type: 'stop', workerId: 'w' });
    for (const text of ['', 'nonsense', 'null', '{"type":"explode"}', '{"type":"cancel"}'])
      expect(parseControlMessage(text)).toBeUndefined();
    expect(parseHeartbeat('{')).toBeUndefined();
  });
});
