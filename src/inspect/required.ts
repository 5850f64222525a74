import { CannotError, RefusedError } from '../domain/errors.ts';
import type { Reading } from '../domain/reading.ts';

/**
 * What was read, or undefined where there is nothing.
 *
 * @throws RefusedError where reading is forbidden, CannotError where it failed: an empty answer would be a lie
 */
export function required<T>(reading: Reading<T>): T | undefined {
  if (reading.state === 'read') return reading.value;
  if (reading.state === 'absent') return undefined;
  throw reading.why === 'forbidden' ? new RefusedError(reading.message) : new CannotError(reading.message);
}
