import type { AccessNeed } from '../domain/access.ts';
import type { Write } from '../plan/action.ts';
import type { Step } from '../plan/plan.ts';
import type { PlanDraft } from './operation.ts';

/** Permissions for every write of a plan, and the looks that go with them, each once: asked (SelfSubjectAccessReview) before the first write. */
export function accessOf(plan: PlanDraft): readonly AccessNeed[] {
  const { namespace, name } = plan.target;
  const needs = plan.steps.flatMap((step) => stepAccess(step, namespace, name));
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}

function stepAccess(step: Step, namespace: string, set: string): readonly AccessNeed[] {
  const pods = ['get', 'delete'].map((verb): AccessNeed => ({ verb, group: '', resource: 'pods', namespace }));
  const assist = step.assist === undefined ? [] : pods;
  return step.action.do === 'write' ? [...writeAccess(step.action.write, namespace, set), ...assist] : assist;
}

/** What one write asks of the API server. */
export function writeAccess(write: Write, namespace: string, set: string): readonly AccessNeed[] {
  const core = (verb: string, resource: string): AccessNeed => ({ verb, group: '', resource, namespace });
  const apps = (verb: string): AccessNeed => ({
    verb,
    group: 'apps',
    resource: 'statefulsets',
    namespace,
    ...(verb === 'create' ? {} : { name: set }),
  });
  const secrets = [core('get', 'secrets'), core('create', 'secrets'), core('patch', 'secrets')];
  switch (write.kind) {
    case 'save-archive':
      return write.onlyFile === true ? [] : secrets;
    case 'record-on-index':
      return secrets;
    case 'change-set':
    case 'put-back':
    case 'hand-back-fields':
      return [apps('patch')];
    case 'close-record':
      return write.carrier === 'set' ? [apps('patch')] : secrets;
    case 'strip-owners':
      // OwnerReferencesPermissionEnforcement (OpenShift) asks for `delete` on the object whose owners are changed.
      return [core('get', 'persistentvolumeclaims'), core('patch', 'persistentvolumeclaims')];
    case 'delete-set':
      return [apps('delete')];
    case 'create-set':
      return [apps('create')];
    case 'delete-service':
      return [core('get', 'services'), core('delete', 'services')];
    case 'create-service':
      return [core('get', 'services'), core('create', 'services')];
    case 'delete-claim':
      return [core('get', 'persistentvolumeclaims'), core('delete', 'persistentvolumeclaims')];
  }
}
