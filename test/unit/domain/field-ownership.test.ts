import { describe, expect, it } from 'vitest';
import { fieldsGivenBack } from '../../../src/domain/field-ownership.ts';
import type { Json, ManagedFieldsEntry, StatefulSet, StatefulSetSpec } from '../../../src/domain/kube.ts';

const OURS = 'kubectl-sts-safe';
const replicas = { 'f:spec': { 'f:replicas': {} } };
const template = { 'f:spec': { 'f:template': { 'f:metadata': {} } } };
const both = { 'f:spec': { 'f:replicas': {}, 'f:template': { 'f:metadata': {} } } };
const mark = { 'f:metadata': { 'f:annotations': { 'f:sts-safe.dev/operation': {} } } };

const entry = (manager: string, fieldsV1: Json, more: Partial<ManagedFieldsEntry> = {}): ManagedFieldsEntry => ({
  manager,
  operation: 'Update',
  apiVersion: 'apps/v1',
  fieldsV1,
  ...more,
});
const applied = (manager: string, fieldsV1: Json): ManagedFieldsEntry => entry(manager, fieldsV1, { operation: 'Apply' });
const status = entry('kube-controller-manager', { 'f:status': { 'f:replicas': {} } }, { subresource: 'status' });

function setOf(managedFields: readonly ManagedFieldsEntry[], spec: Partial<StatefulSetSpec> = {}): StatefulSet {
  const metadata = { name: 'web', uid: 'u', resourceVersion: '1', managedFields };
  return { metadata, spec: { replicas: 3, selector: {}, template: { spec: { containers: [] } }, ...spec }, status: {} };
}

const givenBack = (now: StatefulSet, before: StatefulSet) => fieldsGivenBack(now, before, OURS);

describe('fields that were taken', () => {
  it('go back to who applied them, and what else both own stays', () => {
    const now = setOf([applied('deploy-bot', template), entry(OURS, { ...mark, ...replicas }), status]);
    const before = setOf([applied('deploy-bot', both), status]);
    expect(givenBack(now, before)).toEqual([applied('deploy-bot', both), entry(OURS, mark), status]);
  });

  it('make an entry again for whoever owned nothing else', () => {
    const now = setOf([entry('kubectl-create', template), entry(OURS, replicas)]);
    const before = setOf([entry('kubectl-create', template), applied('deploy-bot', replicas)]);
    expect(givenBack(now, before)).toEqual([entry('kubectl-create', template), applied('deploy-bot', replicas)]);
  });

  it('go back to all who shared them', () => {
    const now = setOf([applied('a', template), applied('b', template), entry(OURS, replicas)]);
    const before = setOf([applied('a', both), applied('b', both)]);
    expect(givenBack(now, before)).toEqual([applied('a', both), applied('b', both)]);
  });

  it('are told leaf by leaf: one half of the retention policy', () => {
    const policy = (fields: Json): Json => ({ 'f:spec': { 'f:persistentVolumeClaimRetentionPolicy': fields } });
    const spec = { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' } } as const;
    const all = policy({ '.': {}, 'f:whenDeleted': {}, 'f:whenScaled': {} });
    const now = setOf(
      [entry('kubectl-create', policy({ '.': {}, 'f:whenScaled': {} })), entry(OURS, policy({ 'f:whenDeleted': {} }))],
      spec,
    );
    expect(givenBack(now, setOf([entry('kubectl-create', all)], spec))).toEqual([entry('kubectl-create', all)]);
  });

  it('of nobody are nobody’s again', () => {
    expect(givenBack(setOf([entry(OURS, replicas), status]), setOf([status]))).toEqual([status]);
  });
});

describe('nothing is given back', () => {
  const bot = setOf([applied('deploy-bot', both)]);

  it.each<[string, StatefulSet, StatefulSet]>([
    ['where we own none of the spec', setOf([applied('deploy-bot', both), entry(OURS, mark)]), bot],
    ['where the value is another one', setOf([applied('deploy-bot', template), entry(OURS, replicas)], { replicas: 2 }), bot],
    ['where it was ours before', setOf([entry(OURS, replicas)]), setOf([entry(OURS, replicas), applied('deploy-bot', both)])],
    ['where another client has taken it since', setOf([applied('deploy-bot', template), entry('kubectl-scale', replicas)]), bot],
    ['of a StatefulSet without managedFields', setOf([]), bot],
  ])('%s', (_, now, before) => {
    expect(givenBack(now, before)).toBeUndefined();
  });
});

it('an entry of another version is another one, unless it is applied', () => {
  const before = setOf([entry('kubectl-edit', replicas, { apiVersion: 'apps/v1beta2' }), applied('deploy-bot', replicas)]);
  const now = setOf([
    entry('kubectl-edit', template),
    entry('deploy-bot', template, { operation: 'Apply', apiVersion: 'apps/v1beta2' }),
    entry(OURS, replicas),
  ]);
  expect(givenBack(now, before)).toEqual([
    entry('kubectl-edit', template),
    entry('deploy-bot', both, { operation: 'Apply', apiVersion: 'apps/v1beta2' }),
    entry('kubectl-edit', replicas, { apiVersion: 'apps/v1beta2' }),
  ]);
});
