import fc from 'fast-check';
import type { Claim, Pod, StatefulSet } from '../../../src/domain/kube.ts';
import { RECORD_ANNOTATION } from '../../../src/domain/stored.ts';
import { HEARTBEAT_ANNOTATION } from '../../../src/record/codec.ts';
import type { ModelCluster } from './cluster.ts';
import type { Driver } from './drive.ts';
import { changeSpec } from './running-set.ts';

/** Something that somebody else does while an operation runs. */
export const meddlingArb = fc.record({
  what: fc.constantFrom('replicas', 'template', 'record', 'pod', 'claim', 'create'),
  /** After so many rounds of the controllers, or right before so many writes of ours reach the server, or after the last step. */
  moment: fc.oneof(
    { weight: 2, arbitrary: fc.record({ round: fc.integer({ min: 1, max: 20 }) }) },
    { weight: 1, arbitrary: fc.record({ write: fc.integer({ min: 1, max: 16 }) }) },
    { weight: 2, arbitrary: fc.record({ settle: fc.integer({ min: 1, max: 2 }) }) },
  ),
  /** Which object, or how many replicas. */
  which: fc.nat(6),
});
export type Meddling = typeof meddlingArb extends fc.Arbitrary<infer T> ? T : never;

type When = 'between writes' | 'at a write';

/** What somebody else is answerable for. */
export interface Foreign {
  /** Uids of Pods that they deleted. */
  readonly pods: Set<string>;
  /** Names of claims that they deleted, and whether that could be seen before we wrote the next time. */
  readonly claims: Map<string, When>;
  /** Replicas that they set, at the least. */
  replicas?: number;
  template?: When;
  /** They took the record off: at a write, which may have been about to do the same. */
  record?: When;
  /** They made a set of that name again, in place of the one that was deleted. */
  created?: true;
}

export const isMeddled = ({ pods, claims, replicas, template, record, created }: Foreign): boolean =>
  pods.size + claims.size > 0 || [replicas, template, record, created].some((what) => what !== undefined);

const NAMESPACE = '/api/v1/namespaces/prod';
const SET = '/apis/apps/v1/namespaces/prod/statefulsets/web';
const INDEX = `${NAMESPACE}/secrets/sts-safe.web`;

/** Lets them do all this at its moment; a round, and a write, is judged before it. */
export function meddle(driver: Driver, meddlings: readonly Meddling[]): Foreign {
  const { cluster, afterRound } = driver;
  const { onWrite } = cluster;
  const foreign: Foreign = { pods: new Set(), claims: new Map() };
  const before = structuredClone(cluster.set());
  let [rounds, writes, settling] = [0, 0, 0];
  const act = (now: (moment: Meddling['moment']) => boolean): void => {
    for (const { what, moment, which } of meddlings) if (now(moment)) acts[what](cluster, foreign, { which, moment, before });
  };
  driver.afterRound = () => {
    rounds += 1;
    afterRound();
    act((moment) => 'round' in moment && moment.round === rounds);
    if (isSettling(driver)) settling += 1;
    act((moment) => 'settle' in moment && moment.settle === settling && isSettling(driver));
  };
  cluster.onWrite = (when, what) => {
    onWrite(when, what);
    if (when !== 'before' || what.includes('/events')) return;
    writes += 1;
    act((moment) => 'write' in moment && moment.write === writes);
  };
  return foreign;
}

/** All steps are done, and nothing was said yet. */
function isSettling({ events }: Driver): boolean {
  const last = events.findLast((event) => event.type === 'step-started');
  return last !== undefined && last.index === last.total - 1 && events.at(-1)?.type === 'step-finished';
}

interface How extends Pick<Meddling, 'which' | 'moment'> {
  /** The set as it was when all began. */
  readonly before: StatefulSet | undefined;
}

type Act = (cluster: ModelCluster, foreign: Foreign, how: How) => void;

const acts: Readonly<Record<Meddling['what'], Act>> = {
  replicas: (cluster, foreign, { which: replicas }) => {
    if (edited(cluster, (spec) => (spec.replicas === replicas ? undefined : { ...spec, replicas })))
      foreign.replicas = Math.min(foreign.replicas ?? replicas, replicas);
  },
  template: (cluster, foreign, { moment }) => {
    const containers = [{ name: 'main', image: 'somebody:else' }];
    const changed = ({ template, ...spec }: StatefulSet['spec']) => ({ ...spec, template: { ...template, spec: { containers } } });
    if (edited(cluster, (spec) => (spec.template.spec.containers[0]?.image === undefined ? changed(spec) : undefined)))
      foreign.template = whenOf(moment);
  },
  record: (cluster, foreign, { moment }) => {
    if (takeOffIndex(cluster) || takeOffSet(cluster)) foreign.record = whenOf(moment);
  },
  pod: (cluster, foreign, { which }) => {
    const pods = cluster.list<Pod>('pods').filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const pod = pods[which % pods.length];
    if (pod === undefined) return;
    foreign.pods.add(pod.metadata.uid);
    cluster.terminate(`${NAMESPACE}/pods/${pod.metadata.name}`);
  },
  claim: (cluster, foreign, { which, moment }) => {
    const claims = cluster.list<Claim>('persistentvolumeclaims');
    const claim = claims[which % claims.length];
    if (claim === undefined) return;
    foreign.claims.set(claim.metadata.name, whenOf(moment));
    const deletionTimestamp = new Date(cluster.now).toISOString();
    const path = `${NAMESPACE}/persistentvolumeclaims/${claim.metadata.name}`;
    cluster.store(path, { ...claim, metadata: { ...claim.metadata, deletionTimestamp } });
  },
  create: (cluster, foreign, { before, moment }) => {
    if (before === undefined || cluster.set() !== undefined || !('settle' in moment)) return;
    foreign.created = true;
    const { apiVersion, kind, spec } = before;
    cluster.create(SET.slice(0, -'/web'.length), { apiVersion, kind, metadata: { name: 'web', namespace: 'prod' }, spec });
  },
};

const whenOf = (moment: Meddling['moment']): When => ('write' in moment ? 'at a write' : 'between writes');

/** @returns whether there was anything to change */
function edited(cluster: ModelCluster, change: (spec: StatefulSet['spec']) => StatefulSet['spec'] | undefined): boolean {
  const set = cluster.set();
  const spec = set && change(set.spec);
  if (set === undefined || spec === undefined) return false;
  changeSpec(cluster, spec);
  return true;
}

function takeOffSet(cluster: ModelCluster): boolean {
  const set = cluster.set();
  const { [RECORD_ANNOTATION]: record, [HEARTBEAT_ANNOTATION]: _, ...annotations } = set?.metadata.annotations ?? {};
  if (set === undefined || record === undefined) return false;
  cluster.store(SET, { ...set, metadata: { ...set.metadata, annotations } });
  return true;
}

function takeOffIndex(cluster: ModelCluster): boolean {
  const secret = cluster.objects.get(INDEX) as { readonly data?: Readonly<Record<string, string>> } | undefined;
  const { record, heartbeat: _, ...data } = secret?.data ?? {};
  if (record === undefined) return false;
  cluster.store(INDEX, { ...secret, data });
  return true;
}
