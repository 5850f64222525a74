import { describe, expect, it } from 'vitest';
import type { Claim, StatefulSet } from '../../../../src/domain/kube.ts';
import { pvcResize } from '../../../../src/operations/pvc-resize/operation.ts';
import { claimsFor, setOf, worldOf } from '../../../support/objects.ts';

const sized = { resources: { requests: { storage: '1Gi' } } };
const template = (name: string) => ({ metadata: { name }, spec: sized });
const web: StatefulSet = { ...setOf(), spec: { ...setOf().spec, volumeClaimTemplates: [template('data'), template('data-web')] } };

describe('pvc resize', () => {
  it('takes the PVCs of its template and not those of one whose name begins alike', () => {
    const claims = claimsFor(web).map((claim): Claim => ({ ...claim, spec: { ...claim.spec, ...sized } }));
    const snapshot = worldOf(web, { claims });
    const input = { snapshot, options: { sizes: ['data=2Gi'] }, allowed: [] } as unknown as Parameters<typeof pvcResize.intent>[0];
    const intent = pvcResize.intent(input);
    if ('outcome' in intent) throw new Error(intent.message);
    expect(intent.expands?.map(({ claim }) => claim.metadata.name)).toEqual(['data-web-2', 'data-web-1', 'data-web-0']);
  });
});
