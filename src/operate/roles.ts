import { type AccessNeed, isNeeded, type Permission } from '../domain/access.ts';
import { distinct } from './permissions.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface Role {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'Role' | 'ClusterRole';
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules: readonly Rule[];
}

/** The smallest Roles for some permissions, and what else would be used. */
export interface Roles {
  readonly roles: readonly Role[];
  /** Sentences: with which flag what is needed besides, and what is only helpful. */
  readonly besides: readonly string[];
}

/**
 * One Role a namespace, and a ClusterRole for what is in none.
 * @param operation whose they are; empty for those of all
 */
export function rolesFor(operation: string, permissions: readonly Permission[], namespace: string): Roles {
  const each = distinct(permissions);
  const needed = each.filter(isNeeded);
  const name = ['sts-safe', ...operation.split(' ').filter((word) => word !== '')].join('-');
  const places = Map.groupBy(needed, ({ namespace: of }) => of);
  const order = [...places.keys()].toSorted((a, b) => rank(a, namespace) - rank(b, namespace));
  return { roles: order.map((of) => roleIn(of, name, places.get(of) ?? [])), besides: besidesOf(each) };
}

const rank = (of: string | undefined, namespace: string): number => (of === namespace ? 0 : of === undefined ? 2 : 1);

function roleIn(namespace: string | undefined, name: string, needs: readonly AccessNeed[]): Role {
  const verbs = Map.groupBy(needs, ({ group, resource }) => `${group}/${resource}`);
  const alike = Map.groupBy([...verbs], ([key, of]) => `${key.slice(0, key.indexOf('/'))} ${sorted(of).join(' ')}`);
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === undefined ? 'ClusterRole' : 'Role',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    rules: [...alike.values()].map((same) => ({
      apiGroups: [same[0]?.[1][0]?.group ?? ''],
      resources: same.flatMap(([, of]) => of[0]?.resource ?? []),
      verbs: sorted(same[0]?.[1] ?? []),
    })),
  };
}

const ORDER = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
const sorted = (needs: readonly AccessNeed[]): readonly string[] =>
  needs.map(({ verb }) => verb).toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));

function besidesOf(permissions: readonly Permission[]): readonly string[] {
  const groups = Map.groupBy(permissions, ({ why, withOption }) => (withOption === undefined ? why : `with option ${withOption}`));
  return [...groups]
    .filter(([why]) => why !== 'needed')
    .map(([why, needs]) => {
      const verbs = [...Map.groupBy(needs, ({ verb, namespace }) => `${verb}/${namespace ?? ''}`)];
      const words = verbs.map(([, of]) => `${of[0]?.verb ?? ''} ${of.map(({ resource }) => resource).join(', ')}${placeOf(of[0])}`);
      return `${why}: ${words.join('; ')}`;
    });
}

const placeOf = (need: AccessNeed | undefined): string => (need?.namespace === undefined ? ' (in the cluster)' : '');
