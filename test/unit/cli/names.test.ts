import { describe, expect, it } from 'vitest';
import { checkNamespace, readNames, setNames } from '../../../src/cli/names.ts';
import { UsageError } from '../../../src/domain/errors.ts';

describe('setNames', () => {
  it.each([
    ['', []],
    ['web', ['web']],
    ['sts/web', ['web']],
    ['statefulset/web', ['web']],
    ['statefulsets/web', ['web']],
    ['statefulset.apps/web', ['web']],
    ['statefulsets.v1.apps/web', ['web']],
    ['StatefulSet/web', ['web']],
    ['sts web', ['web']],
    ['sts web db', ['web', 'db']],
    ['web db sts/web', ['web', 'db']],
    ['sts/web db', ['web', 'db']],
    ['statefulsets', []],
    ['a'.repeat(63), ['a'.repeat(63)]],
    ['sts/sts', ['sts']],
  ])('%s', (line, names) => {
    expect(setNames(line.split(' ').filter((word) => word !== ''))).toEqual(names);
  });

  it.each([
    ['deploy/web', 'deploy/web is not a StatefulSet: this works on StatefulSets only'],
    ['pod/web-0', 'pod/web-0 is not a StatefulSet: this works on StatefulSets only'],
    ['statefulset.example.com/web', 'statefulset.example.com/web is not a StatefulSet: this works on StatefulSets only'],
    ['/web', '/web is not a StatefulSet: this works on StatefulSets only'],
    ['sts/', '"" cannot be the name of a StatefulSet'],
    ['sts/web/status', '"web/status" cannot be the name of a StatefulSet'],
    ['Web', '"Web" cannot be the name of a StatefulSet'],
    ['web_1', '"web_1" cannot be the name of a StatefulSet'],
    ['-web', '"-web" cannot be the name of a StatefulSet'],
    ['web-', '"web-" cannot be the name of a StatefulSet'],
    ['..', '".." cannot be the name of a StatefulSet'],
    ['a'.repeat(64), 'cannot be the name'],
    // The index of such a set would be an archive of web.
    ['web.1', '"web.1" cannot be the name of a StatefulSet'],
    ['sts sts/web', 'the type "sts" stands before names that have one'],
  ])('refuses %s', (line, message) => {
    expect(() => setNames(line.split(' '))).toThrow(UsageError);
    expect(() => setNames(line.split(' '))).toThrow(message);
  });
});

it.each(['statefulset.apps.kruise.io/web', 'asts/web', 'pod/web'])('sends nobody from %s to the StatefulSet of that name', (arg) =>
  expect(() => setNames([arg])).toThrow(expect.objectContaining({ hint: 'the plugin works on StatefulSets of apps/v1 only' })),
);

describe('readNames', () => {
  it('reads none where a command takes none', () => expect(readNames(['web'], undefined)).toEqual(['web']));
  it('takes no type for a name', () => {
    expect(readNames(['sts'], { names: 'sets' })).toEqual([]);
    expect(() => readNames(['sts'], { names: 'sets', required: true })).toThrow(
      expect.objectContaining({ hint: 'for a StatefulSet of that name write sts/sts' }),
    );
  });
  it.each([
    ['nodes', ['node-1', 'node/node-1', 'no/a.b'], ['node-1', 'a.b']],
    ['pods', ['po/web-0', 'web-1'], ['web-0', 'web-1']],
    ['pvcs', ['pvc/data-web-0', 'persistentvolumeclaims/b'], ['data-web-0', 'b']],
  ] as const)('knows the types of %s', (names, args, read) => expect(readNames(args, { names })).toEqual(read));
  it.each([
    ['nodes', 'pod/a', 'pod/a is not a node'],
    ['pods', 'A', '"A" cannot be the name of a Pod'],
    ['pvcs', 'pv/a', 'pv/a is not a PVC'],
  ] as const)('refuses others as %s', (names, arg, message) => expect(() => readNames([arg], { names })).toThrow(message));
});

describe('checkNamespace', () => {
  it.each([undefined, '', 'prod', 'team-1'])('%s passes', (namespace) => expect(() => checkNamespace(namespace)).not.toThrow());
  it.each(['Prod', 'a/b', '..', 'a.b', '-a', 'a'.repeat(64)])('%s is refused', (namespace) =>
    expect(() => checkNamespace(namespace)).toThrow(UsageError),
  );
});
