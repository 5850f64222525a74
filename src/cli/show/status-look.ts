import type { Scope } from '../../cluster/api.ts';
import { CannotError } from '../../domain/errors.ts';
import { type SliceName, type Snapshot, sliceOf, type Target } from '../../domain/snapshot.ts';
import { LOOKING_NEEDS, lookFindings } from '../../findings/looking.ts';
import { notFound } from '../../operate/not-found.ts';
import { openRecord } from '../../operate/open-record.ts';
import { type SetStatus, statusOf } from '../../render/status/model.ts';
import type { Cluster, StatusRequest } from '../session.ts';
import { required } from './required.ts';

/** Everything that the verdict, the line and the tree look at. */
const statusNeeds: readonly SliceName[] = ['set', 'namespace', 'pods', 'claims', 'sets', 'nodes', 'events', 'endpointSlices', 'stored'];

/** What to read: only one named set alone gets the tree, and below it the findings; what we stored only named ones. */
export function needsOf({ names }: StatusRequest): readonly SliceName[] {
  if (names.length === 0) return statusNeeds.filter((slice) => slice !== 'stored');
  return names.length === 1 ? [...new Set([...statusNeeds, ...LOOKING_NEEDS])] : statusNeeds;
}

/** A set that is not there, or that could not be read, beside those that were. */
export interface Look {
  readonly snapshots: readonly Snapshot[];
  readonly failures: readonly unknown[];
}

/** Looks once at the named sets, or at all of the scope. */
export async function lookAt(request: StatusRequest, cluster: Cluster): Promise<Look> {
  if (request.names.length === 0) return lookAtAll(request, cluster);
  const needs = needsOf(request);
  const looks = await Promise.allSettled(targetsOf(request, cluster).map((target) => lookAtOne(target, needs, cluster)));
  return {
    snapshots: looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : [])),
    failures: looks.flatMap((look) => (look.status === 'rejected' ? [look.reason] : [])),
  };
}

/** The status of what was seen; undefined where there is nothing to tell. */
export function statusFrom(snapshot: Snapshot): SetStatus | undefined {
  return statusOf(snapshot, openRecord(snapshot)?.found, lookFindings(snapshot));
}

function targetsOf({ names }: StatusRequest, { connection }: Cluster): readonly Target[] {
  return names.map((name) => ({ namespace: connection.namespace, name }));
}

async function lookAtOne(target: Target, needs: readonly SliceName[], { reader }: Cluster): Promise<Snapshot> {
  const snapshot = await reader.read(needs, target);
  required(sliceOf(snapshot, 'set'));
  required(sliceOf(snapshot, 'pods'));
  if (statusFrom(snapshot) !== undefined) return snapshot;
  const { message, hint } = await notFound(snapshot, reader);
  throw new CannotError(message, hint);
}

/** Where to look for the sets. */
export function scopeOf({ allNamespaces, selector }: StatusRequest, { connection }: Cluster): Scope {
  return {
    ...(allNamespaces ? {} : { namespace: connection.namespace }),
    ...(selector === undefined ? {} : { labelSelector: selector }),
  };
}

async function lookAtAll(request: StatusRequest, cluster: Cluster): Promise<Look> {
  const { snapshots, sets } = await cluster.reader.readMany(needsOf(request), scopeOf(request, cluster));
  required(sets);
  return { snapshots, failures: [] };
}
