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
  { check: nodeReady, severity: 'blocks', override: 'never' },
  { check: nodeAlive, severity: 'blocks', override: 'never' },
  { check: foreignFence, severity: 'blocks', override: 'never' },
  { check: nodeNotLost, severity: 'blocks', override: 'allow' },
  { check: nodeStorm, severity: 'blocks', override: 'allow' },
  { check: nodeOperationOpen, severity: 'warns', override: 'allow' },
  { check: sharedVolume, severity: 'warns', override: 'allow' },
  { check: localVolume, severity: 'warns', override: 'allow' },
  { check: toleratesFence, severity: 'warns', override: 'allow' },
];
