import { AppError } from '../protocol/errors.ts';

/** A motion file that cannot be used: code INVALID_INPUT, the message one sentence for a coach. */
export class MotionFileError extends AppError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('INVALID_INPUT', message, options);
    this.name = 'MotionFileError';
  }
}
