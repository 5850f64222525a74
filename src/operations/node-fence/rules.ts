import type { Rule } from '../../findings/check.ts';
import { foreignFence } from '../../findings/foreign-fence.ts';
import { localVolume } from '../../findings/local-volume.ts';
import { nodeAlive } from '../../findings/node-alive.ts';
import { nodeNotLost } from '../../findings/node-not-lost.ts';
import { nodeOperationOpen } from '../../findings/node-operation-open.ts';
import { nodeReady } from '../../findings/node-ready.ts';
import { nodeStorm } from '../../findings/node-storm.ts';
import { sharedVolume } from '../../findings/shared-volume.ts';
import { toleratesFence } from '../../findings/tolerates-fence.ts';

/** Row `node fence` of the consent table (product, section 2). */
export const fenceRules: readonly Rule[] = [
  { check: nodeReady, severity: 'blocks' },
  { check: nodeAlive, severity: 'blocks' },
  { check: foreignFence, severity: 'blocks' },
  { check: nodeNotLost, severity: 'blocks' },
  { check: nodeStorm, severity: 'blocks' },
  { check: nodeOperationOpen, severity: 'warns' },
  { check: sharedVolume, severity: 'warns' },
  { check: localVolume, severity: 'warns' },
  { check: toleratesFence, severity: 'warns' },
];
