import type { ClusterReader } from '../cluster/api.ts';
import { ApiError, CannotError, ChangedError } from '../domain/errors.ts';
import type { Finding } from '../domain/finding.ts';
import type { Namespace } from '../domain/kube.ts';
import { isNamespaceTerminating } from '../domain/namespace.ts';
import type { Target } from '../domain/snapshot.ts';
import type { Ending } from '../execute/progress.ts';
import { endOfNamespace, namespaceTerminating } from '../findings/namespace-terminating.ts';
import type { Plan } from '../plan/plan.ts';
import { isRejection } from '../record/guarded.ts';

/**
 * The ending of a plan whose namespace is being deleted: whatever stopped it, that is the reason, and exit 0 would promise
 * what is about to be destroyed. One read, and only where the world or the server said no; every other ending is as it was.
 */
export async function explainedByNamespace(plan: Plan, ending: Ending, reader: ClusterReader): Promise<Ending> {
  const namespace = await terminating(plan.target, ending.error, reader);
  if (namespace === undefined) return ending;
  const volumes = await volumesOf(plan, reader);
  const draft = endOfNamespace(namespace, volumes);
  const finding: Finding = { ...draft, id: namespaceTerminating.id, severity: 'blocks', override: 'never' };
  return { ...ending, error: new ChangedError(draft.message), findings: [finding] };
}

async function terminating(target: Target, error: unknown, reader: ClusterReader): Promise<Namespace | undefined> {
  const isNo = error instanceof ChangedError || (error instanceof ApiError && isRejection(error));
  if (!isNo) return undefined;
  const reading = await reader.readSlice('namespace', target).catch(nothing);
  if (reading?.state === 'read') return isNamespaceTerminating(reading.value) ? reading.value : undefined;
  return error instanceof ApiError && saysSo(error) ? nameOnly(target.namespace) : undefined;
}

function nothing(error: unknown): undefined {
  if (error instanceof CannotError) return undefined;
  throw error;
}

/** The admission plugin NamespaceLifecycle: a 403 that has nothing to do with permissions. */
function saysSo({ status, message }: ApiError): boolean {
  return status === 403 && /because it is being terminated/.test(message);
}

function nameOnly(name: string): Namespace {
  return { metadata: { name, uid: '', resourceVersion: '' }, status: { phase: 'Terminating' } };
}

/** The set's PVs as the plan saw them, but those that are gone or retained; the PVCs may be gone by now. */
async function volumesOf({ basedOn, target }: Plan, reader: ClusterReader): Promise<readonly string[]> {
  const planned = basedOn.flatMap(({ fields: { volume } }) => (typeof volume === 'string' && volume !== '' ? [volume] : []));
  const reading = await reader.readSlice('volumes', target).catch(nothing);
  if (reading?.state !== 'read') return planned;
  const policies = new Map(reading.value.map(({ metadata, spec }) => [metadata.name, spec.persistentVolumeReclaimPolicy]));
  return planned.filter((name) => policies.has(name) && policies.get(name) !== 'Retain');
}
