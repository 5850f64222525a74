import type { Json, StatefulSet } from './kube.ts';
import { type ObjectRef, refTo } from './object-ref.ts';

type Template = StatefulSet['spec']['template'];
type Raw = { readonly [key: string]: Json | undefined };

/**
 * Objects without which no Pod of a template can be created (ServiceAccount and PriorityClass, by admission) or started (Secrets
 * and ConfigMaps that are not optional, by the kubelet). PVCs are the controller's to make.
 */
export function podNeeds({ spec }: Template, namespace: string): readonly ObjectRef[] {
  const pod = spec as unknown as Raw;
  const containers = [...listIn(pod['initContainers']), ...listIn(pod['containers'])];
  const secrets = [
    ...listIn(pod['volumes']).flatMap(volumeSecrets),
    ...containers.flatMap((one) => environment(one, 'secretRef', 'secretKeyRef')),
  ];
  const configMaps = [
    ...listIn(pod['volumes']).flatMap(volumeConfigMaps),
    ...containers.flatMap((one) => environment(one, 'configMapRef', 'configMapKeyRef')),
  ];
  const account = pod['serviceAccountName'] ?? 'default';
  const priority = pod['priorityClassName'];
  return [
    ...(typeof account === 'string' ? [refTo('serviceaccounts', namespace, account)] : []),
    ...(typeof priority === 'string' && priority !== '' ? [refTo('priorityclasses', namespace, priority)] : []),
    ...[...new Set(secrets)].map((name) => refTo('secrets', namespace, name)),
    ...[...new Set(configMaps)].map((name) => refTo('configmaps', namespace, name)),
  ];
}

function volumeSecrets(volume: Raw): readonly string[] {
  return [...named(volume['secret'], 'secretName'), ...projected(volume).flatMap((source) => named(source['secret'], 'name'))];
}

function volumeConfigMaps(volume: Raw): readonly string[] {
  return [...named(volume['configMap'], 'name'), ...projected(volume).flatMap((source) => named(source['configMap'], 'name'))];
}

function projected(volume: Raw): readonly Raw[] {
  return listIn(mapIn(volume['projected'])['sources']);
}

/** `envFrom[].secretRef` and `env[].valueFrom.secretKeyRef`, or those of ConfigMaps. */
function environment(container: Raw, all: string, one: string): readonly string[] {
  return [
    ...listIn(container['envFrom']).flatMap((source) => named(source[all], 'name')),
    ...listIn(container['env']).flatMap(({ valueFrom }) => named(mapIn(valueFrom)[one], 'name')),
  ];
}

/** What is optional need not be there. */
function named(source: Json | undefined, field: string): readonly string[] {
  const map = mapIn(source);
  const name = map[field];
  return typeof name === 'string' && map['optional'] !== true ? [name] : [];
}

function mapIn(value: Json | undefined): Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}

function listIn(value: Json | undefined): readonly Raw[] {
  return Array.isArray(value) ? value.map((item: Json) => mapIn(item)) : [];
}
