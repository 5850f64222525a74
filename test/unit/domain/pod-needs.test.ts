import { expect, it } from 'vitest';
import { podNeeds } from '../../../src/domain/pod-needs.ts';

const needs = (spec: object): readonly string[] =>
  podNeeds({ spec: { containers: [], ...spec } }, 'prod').map(({ resource, name }) => `${resource}/${name}`);

it('is the ServiceAccount, where nothing else is named', () => {
  expect(needs({})).toEqual(['serviceaccounts/default']);
});

it('is whatever the containers and volumes name, each once, and nothing that is optional', () => {
  const env = [
    { name: 'A', valueFrom: { secretKeyRef: { name: 'password', key: 'a' } } },
    { name: 'B', valueFrom: { configMapKeyRef: { name: 'settings', key: 'b', optional: true } } },
    { name: 'C', value: 'plain' },
  ];
  expect(
    needs({
      serviceAccountName: 'db',
      priorityClassName: 'high',
      containers: [{ name: 'db', env, envFrom: [{ secretRef: { name: 'password' } }, { configMapRef: { name: 'defaults' } }] }],
      initContainers: [{ name: 'init', envFrom: [{ secretRef: { name: 'setup' } }] }],
      volumes: [
        { name: 'a', secret: { secretName: 'tls' } },
        { name: 'b', configMap: { name: 'conf' } },
        { name: 'c', projected: { sources: [{ secret: { name: 'token' } }, { configMap: { name: 'ca', optional: true } }] } },
        { name: 'd', emptyDir: {} },
      ],
    }),
  ).toEqual([
    'serviceaccounts/db',
    'priorityclasses/high',
    ...['tls', 'token', 'setup', 'password'].map((name) => `secrets/${name}`),
    ...['conf', 'defaults'].map((name) => `configmaps/${name}`),
  ]);
});
