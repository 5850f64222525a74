import { accessNeeds, isComposed, namespaceOf } from '../cluster/slices/table.ts';
import { WORKLOADS } from '../cluster/workloads.ts';
import { type AccessNeed, accessKey, isNeeded, type Permission } from '../domain/access.ts';
import { accessTo, refTo } from '../domain/object-ref.ts';
import type { SliceName, Target } from '../domain/snapshot.ts';
import { looked, savingAccess } from '../operations/access.ts';
import type { AnyOperation } from '../operations/registry.ts';
import { followedOf, provedBy } from './followed.ts';

/**
 * Everything that an operation may ask of the API server on an object of this namespace, each once.
 * @param namespace of the object; cluster-scoped ones have none
 */
export function permissionsOf(operation: AnyOperation, namespace: string): readonly Permission[] {
  const { subject, needs, foreseen = [], writes, journal, archive, table } = operation;
  const target: Target = {
    ...(subject === 'statefulsets' ? {} : { resource: subject }),
    namespace: subject === 'nodes' ? '' : namespace,
    name: '',
  };
  const further = table.flatMap(({ rules, owned = [] }) => [...owned, ...rules.flatMap(({ check }) => check.further?.slices ?? [])]);
  const read = (slices: readonly SliceName[], live: boolean): readonly AccessNeed[] => slicesAccess(slices, target, live);
  const needed = [...read([...followedOf(target), ...needs.required], true), ...read(refusedUnread(operation), false)];
  const written = writes.flatMap(({ resource, verbs, withOption }) =>
    verbs
      .flatMap((verb) => looked(verb, refTo(resource, namespace, '')))
      .map((need) => ({ ...need, ...(withOption === undefined ? {} : { withOption }) })),
  );
  const saving = journal === 'record' || archive === 'secret' ? savingAccess(namespace) : [];
  const courtesies = [
    ...(subject === 'nodes' ? [] : [accessTo('create', refTo('events', namespace, ''))]),
    // Archives beyond the ten that are kept.
    ...(journal === 'record' ? [accessTo('delete', refTo('secrets', namespace, ''))] : []),
  ];
  const helpful = [...read([...needs.advisory, ...foreseen, ...further, ...provedBy(target)], false), ...courtesies];
  return distinct([
    ...[...needed, ...written, ...saving].map((need) => ({ ...need, why: 'needed' as const })),
    ...helpful.map((need) => ({ ...need, why: 'helpful' as const })),
    ...wholeRevisionsOf(operation, namespace),
  ]);
}

/** Slices of which no finding but this may be unknown: it could not be told what the operation is about. */
function refusedUnread({ table }: AnyOperation): readonly SliceName[] {
  const blocking = table.flatMap(({ rules }) => rules.filter(({ severity }) => severity === 'blocks'));
  return blocking.flatMap(({ check }) => check.refusesUnread ?? []);
}

/** What a revision holds is left out of the lists of them. */
function wholeRevisionsOf(operation: AnyOperation, namespace: string): readonly Permission[] {
  if (!('wholeRevisions' in operation)) return [];
  const why = operation.needs.required.includes('revisions') ? 'needed' : 'helpful';
  return [{ ...accessTo('get', refTo('controllerrevisions', namespace, '')), why }];
}

/** What reading these slices takes, also those that are made of several lists. */
export function slicesAccess(slices: readonly SliceName[], target: Target, live: boolean): readonly AccessNeed[] {
  return [
    ...accessNeeds(slices, target, live),
    ...slices.filter(isComposed).flatMap((slice): readonly AccessNeed[] => {
      const namespace = namespaceOf(slice, target);
      const place = namespace === undefined ? {} : { namespace };
      if (slice === 'savedSets') return ['list', 'get'].map((verb) => ({ verb, group: '', resource: 'secrets', ...place }));
      if (slice === 'workloads') return WORKLOADS.map(({ resource: { group, resource } }) => ({ verb: 'list', group, resource, ...place }));
      // Whatever looks like a StatefulSet in discovery: which these are is the cluster's.
      return [];
    }),
  ];
}

/** Each once, for its strongest reason. */
export function distinct(all: readonly Permission[]): readonly Permission[] {
  const strongest = all.toSorted((a, b) => weight(b) - weight(a)).map(({ name: _name, ...permission }) => permission);
  return [...Map.groupBy(strongest, accessKey).values()].flatMap(([first]) => first ?? []);
}

const weight = (need: Permission): number => (need.why === 'helpful' ? 0 : isNeeded(need) ? 2 : 1);
