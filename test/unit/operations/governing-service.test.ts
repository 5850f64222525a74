import { describe, expect, it } from 'vitest';
import { governingService } from '../../../src/operations/delete/service.ts';
import { podOf, podsOf, serviceOf, setOf, worldOf } from '../../support/objects.ts';

const web = setOf();
const db = setOf({ name: 'db', metadata: { uid: 'db' }, spec: { serviceName: 'web' } });
const stray = podOf(setOf({ name: 'other' }), 0, { metadata: { labels: { app: 'web' }, ownerReferences: [] } });

describe('the governing Service', () => {
  it.each([
    ['of this set alone', worldOf(web), undefined],
    ['that another set names', worldOf(web, { sets: [web, db] }), 'StatefulSet db uses it too'],
    ['that selects another Pod', worldOf(web, { pods: [...podsOf(web), stray] }), 'Pod other-0 uses it too'],
    [
      'without a selector',
      worldOf(web, { services: [serviceOf('web', { selector: {} })] }),
      'no selector: its endpoints are not made from Pods',
    ],
    [
      'without a selector, of an external name',
      worldOf(web, { services: [{ ...serviceOf('web'), spec: { ports: [] } }] }),
      'no selector: its endpoints are not made from Pods',
    ],
  ])('%s', (_, world, kept) => {
    expect(governingService(web, world)?.kept).toBe(kept);
  });

  it('that is not there', () => {
    expect(governingService(web, worldOf(web, { services: [] }))).toBe(undefined);
  });
});
