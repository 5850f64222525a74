import { tmpdir } from 'node:os';
import { describe } from 'vitest';
import { whyNotReal } from '../../real/host.ts';

/** Why this machine cannot run real nodes; undefined if it can. */
export const reason = whyNotReal(tmpdir());

/** Describes what needs real nodes; where there can be none, the tests are skipped and the title says why. */
export const describeReal = (title: string, body: () => void): void => {
  describe.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, body);
};
