import type { AccessNeed } from '../domain/access.ts';
import { accessTo, type ObjectRef, refTo } from '../domain/object-ref.ts';
import { subjectOf, type Target } from '../domain/snapshot.ts';
import { type GateAction, type Write, writeOf } from '../plan/action.ts';
import type { Step } from '../plan/plan.ts';
import type { PlanDraft } from './operation.ts';

/** Permissions for every write of a plan, and the looks that go with them, each once: asked (SelfSubjectAccessReview) before the first write. */
export function accessOf({ steps, target }: PlanDraft): readonly AccessNeed[] {
  const needs = steps.flatMap((step) => stepAccess(step, target));
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}

function stepAccess({ action, fallback }: Step, target: Target): readonly AccessNeed[] {
  const write = writeOf(action);
  if (action.do === 'gate' || action.do === 'hook') return gateAccess(action, target);
  return [
    ...(write === undefined ? [] : writeAccess(write, target)),
    ...(fallback === undefined ? [] : [accessTo('get', fallback.delete), accessTo('delete', fallback.delete)]),
  ];
}

/** What a gate asks of the API server; one on this machine asks nothing. */
export function gateAccess(
  { gate, pod }: Pick<GateAction, 'gate' | 'pod'>,
  { namespace }: Pick<Target, 'namespace'>,
): readonly AccessNeed[] {
  const on = (verb: string, resource: string, name: string, inside = namespace): AccessNeed => ({
    verb,
    group: '',
    resource,
    namespace: inside,
    name,
  });
  const list = (resource: string, group = ''): AccessNeed => ({ verb: 'list', group, resource, namespace });
  switch (gate.ask) {
    case 'exec':
      // A WebSocket begins as a GET, and since 1.35 needs `create` too.
      return [on('get', 'pods/exec', pod), on('create', 'pods/exec', pod)];
    case 'http':
    case 'https':
      return [on('get', 'pods/proxy', pod)];
    case 'promql':
      return [on('get', 'services/proxy', gate.service.name, gate.service.namespace)];
    case 'srv':
      // On which way DNS can be asked is only known when it is.
      return [list('pods'), list('services'), list('endpointslices', 'discovery.k8s.io')];
    case 'command':
      return [];
  }
}

/** What saving a manifest, or a record beside it, asks. */
export function savingAccess(namespace: string): readonly AccessNeed[] {
  return ['get', 'create', 'patch'].map((verb) => accessTo(verb, refTo('secrets', namespace, '')));
}

/** What one write asks of the API server. */
export function writeAccess(write: Write, target: Target): readonly AccessNeed[] {
  const secrets = savingAccess(target.namespace);
  switch (write.verb) {
    case 'archive':
      return write.place === 'file' ? [] : secrets;
    case 'record':
      return write.do === 'pause' || (write.do === 'close' && write.carrier === 'set') ? [on('patch', subjectOf(target))] : secrets;
    case 'patch':
      // OwnerReferencesPermissionEnforcement (OpenShift) asks for `delete` on the object whose owners are changed.
      return write.objects.flatMap(({ ref }) => looked('patch', ref));
    case 'create':
      return looked('create', write.ref);
    case 'delete':
      return looked(write.evicts === true ? 'evict' : 'delete', write.ref);
  }
}

/** A set is read as evidence already; everything else is looked at right before it is written. */
export function looked(verb: string, ref: ObjectRef): readonly AccessNeed[] {
  if (verb === 'evict') return [accessTo('get', ref), { ...accessTo('create', ref), resource: `${ref.resource}/eviction` }];
  return ref.resource === 'statefulsets' ? [on(verb, ref)] : [accessTo('get', ref), accessTo(verb, ref)];
}

/** A set is asked about by its name: a Role may be about this one alone. */
function on(verb: string, ref: ObjectRef): AccessNeed {
  return accessTo(verb, ref, true);
}
