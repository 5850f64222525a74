import { describe, expect, it } from 'vitest';
import { sliceOf } from '../../../src/domain/snapshot.ts';
import { DIAGNOSES } from '../../../src/findings/diagnosis/index.ts';
import { reportOn } from '../../../src/inspect/doctor.ts';
import { looksAtManifests, type Manifest } from '../../../src/inspect/manifests.ts';
import { NOW, podsOf, setOf } from '../../support/objects.ts';

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'main:1' }] } };
const manifest = (kind: string, name: string, rest: object = {}): Manifest => ({ kind, metadata: { name }, ...rest }) as never;
const web = manifest('StatefulSet', 'web', {
  spec: { replicas: 3, serviceName: 'web', selector: { matchLabels: { app: 'web' } }, template },
});
const found = (...objects: readonly Manifest[]) => reportOn(looksAtManifests(objects, 'prod', NOW), DIAGNOSES, () => undefined);

describe('manifests', () => {
  it('are looked at as a cluster would hold them, in the namespace that is chosen', () => {
    const [look] = looksAtManifests([web], 'prod', NOW);
    expect(look?.target).toEqual({ namespace: 'prod', name: 'web' });
    expect(look && sliceOf(look, 'set')).toMatchObject({ state: 'read', value: { metadata: { namespace: 'prod' }, status: {} } });
  });

  it('of a StatefulSet alone say nothing about what may stand in other files', () => {
    const { findings, sets, unknown } = found(web);
    expect(findings.map(({ id }) => id)).toEqual(['readiness-probe-missing', 'resources-missing', 'spread-missing']);
    expect([sets, unknown]).toEqual([[{ namespace: 'prod', name: 'web' }], []]);
  });

  it('of a whole application are compared with each other', () => {
    const service = manifest('Service', 'web', {
      spec: { clusterIP: 'None', selector: { app: 'webb' }, ports: [{ name: 'db', port: 1 }] },
    });
    expect(found(web, service).findings.map(({ id }) => id)).toEqual([
      'service-selector-mismatch',
      'readiness-probe-missing',
      'resources-missing',
      'spread-missing',
      'pdb-missing',
    ]);
  });

  it('of other namespaces are no part of it', () => {
    const other = {
      ...manifest('Service', 'web', { spec: { clusterIP: 'None' } }),
      metadata: { name: 'web', namespace: 'other' },
    } as never;
    expect(found(web, other).findings.map(({ id }) => id)).toContain('service-missing');
  });

  it('that a cluster has printed are diagnosed, Pods and events too', () => {
    const set = setOf();
    const pods = podsOf(set, { 1: { waiting: 'CrashLoopBackOff', restarts: 3 } });
    const dump = [set, ...pods] as unknown as readonly Manifest[];
    const { sets, findings } = found(...dump);
    expect([sets[0]?.health, findings[0]?.id]).toEqual(['Degraded', 'crash-loop']);
  });
});
