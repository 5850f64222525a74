import { describe, expect, it } from 'vitest';
import { commands, words } from '../../../src/cli/manifest.ts';
import { LOOKING, permissionsToLook } from '../../../src/cli/show/look-access.ts';
import { isNeeded, type Permission } from '../../../src/domain/access.ts';
import { permissionsOf } from '../../../src/operate/permissions.ts';
import { everyOperation, operationNamed } from '../../../src/operations/registry.ts';

const inWords = ({ verb, resource, namespace = 'cluster' }: Permission): string => `${verb} ${resource} ${namespace}`;

const neededBy = (permissions: readonly Permission[]): readonly string[] => permissions.filter(isNeeded).map(inWords);

/** Commands that ask nothing of their own: a runbook's steps do, and whoever asks about permissions may. */
const ASK_NOTHING = ['run', 'explain', 'options', 'permissions', 'version'];

describe('permissions of commands', () => {
  it('are known of every command', () => {
    const known = [...LOOKING, ...everyOperation().map(({ id }) => id), ...ASK_NOTHING];
    expect(commands.map(({ id }) => words(id)).toSorted()).toEqual([...new Set(known)].toSorted());
  });

  it.each(LOOKING)('of %s only read', (command) => {
    const permissions = permissionsToLook(command, 'shop');
    expect(neededBy(permissions).length).toBeGreaterThan(0);
    const writes = permissions.filter(({ verb, resource }) => !['get', 'list', 'watch'].includes(verb) && !resource.includes('/'));
    expect(writes).toEqual([]);
  });

  it.each([
    ['status', ['get statefulsets shop', 'list statefulsets shop', 'watch statefulsets shop', 'list pods shop', 'watch pods shop']],
    ['rollout history', ['get statefulsets shop', 'list pods shop', 'list controllerrevisions shop', 'get controllerrevisions shop']],
    ['node check', ['list nodes cluster']],
    ['operations', ['list statefulsets shop']],
  ])('of %s are these', (command, expected) => {
    expect(neededBy(permissionsToLook(command, 'shop')).toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    // It refuses a PVC whose class is unknown, and a class rests on all that might use it.
    ['pvc retire', ['list deployments shop', 'list secrets shop', 'list horizontalpodautoscalers shop']],
    // A list of revisions leaves out what is in them.
    ['rollout undo', ['get controllerrevisions shop']],
    ['rollout abort', ['get controllerrevisions shop']],
  ])('of %s have what it would refuse without', (command, expected) => {
    const operation = operationNamed(command);
    if (operation === undefined) throw new Error(`no operation ${command}`);
    expect(neededBy(permissionsOf(operation, 'shop'))).toEqual(expect.arrayContaining(expected));
  });
});
