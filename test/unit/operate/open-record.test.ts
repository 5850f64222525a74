import { expect, it } from 'vitest';
import type { StatefulSet } from '../../../src/domain/kube.ts';
import { RECORD_ANNOTATION } from '../../../src/domain/stored.ts';
import { encodeRecord } from '../../../src/record/codec.ts';
import { driverOf } from '../../support/model/drive.ts';
import { running } from '../../support/model/running-set.ts';

const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';

it.each(['cancel', 'scale', 'delete'] as const)('%s leaves the record of an operation that it does not know alone', async (operation) => {
  const cluster = running(3);
  const set = cluster.set() as StatefulSet;
  const record = encodeRecord({
    schema: 1,
    id: 'op-9',
    kind: 'teleport',
    phase: 'stopped',
    holder: { user: 'eve', host: 'there', pid: 2, since: '2026-06-01T12:00:00Z' },
    cursor: 'step/1',
    digest: '0',
    archive: 'sts-safe.web.1',
    putBack: {},
  });
  cluster.store(SET, { ...set, metadata: { ...set.metadata, annotations: { [RECORD_ANNOTATION]: record } } });
  const before = cluster.log.length;
  const result = await driverOf(cluster).run({ operation, options: operation === 'scale' ? { replicas: 1 } : {} });
  expect(result).toMatchObject({ exitCode: 3, outcome: 'refused', findings: [{ id: 'other-operation' }] });
  expect(result.findings[0]?.message).toContain('the operation "teleport", which this version does not have');
  expect(cluster.log.slice(before)).toEqual([]);
  expect(cluster.set()?.metadata.annotations?.[RECORD_ANNOTATION]).toBe(record);
});
