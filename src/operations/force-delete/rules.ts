import type { Rule } from '../../findings/check.ts';
import { earlierPodNotReady } from '../../findings/earlier-pod-not-ready.ts';
import { fenceInstead } from '../../findings/fence-instead.ts';
import { localVolume } from '../../findings/local-volume.ts';
import { namespaceTerminating } from '../../findings/namespace-terminating.ts';
import { nodeAlive } from '../../findings/node-alive.ts';
import { nodeNotLost } from '../../findings/node-not-lost.ts';
import { nodeReady } from '../../findings/node-ready.ts';
import { nodeStorm } from '../../findings/node-storm.ts';
import { podFinalizer } from '../../findings/pod-finalizer.ts';
import { podOwnsObjects } from '../../findings/pod-owns-objects.ts';
import { setBeingDeleted } from '../../findings/set-being-deleted.ts';
import { sharedVolume } from '../../findings/shared-volume.ts';

/** Row `force-delete` of the consent table (product, section 2). */
export const forceDeleteRules: readonly Rule[] = [
  { check: nodeReady, severity: 'blocks' },
  { check: nodeAlive, severity: 'blocks' },
  { check: namespaceTerminating, severity: 'blocks', again: 'blocks' },
  { check: setBeingDeleted, severity: 'blocks', again: 'blocks' },
  { check: nodeNotLost, severity: 'blocks' },
  { check: nodeStorm, severity: 'blocks' },
  { check: earlierPodNotReady, severity: 'blocks' },
  { check: podOwnsObjects, severity: 'blocks', again: 'blocks' },
  { check: podFinalizer, severity: 'warns' },
  { check: sharedVolume, severity: 'warns' },
  { check: localVolume, severity: 'warns' },
  { check: fenceInstead, severity: 'warns' },
];
