/**
 * The parts of Kubernetes' objects that this program reads, in the API's own shapes (raw JSON, dates are RFC 3339
 * strings). Fields that are only ever written back stay `unknown`: raw JSON is never rebuilt from these types.
 */

import type { Container, ContainerStatus } from './container.ts';

export type * from './container.ts';
export type * from './surroundings.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly apiVersion?: string;
  readonly time?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: Json;
  readonly subresource?: string;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly managedFields?: readonly ManagedFieldsEntry[];
}

export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

export interface ObjectCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface VolumeSource {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly ephemeral?: Json;
}

export interface PodSpec {
  readonly nodeName?: string;
  readonly hostname?: string;
  readonly subdomain?: string;
  /** Of the containers alone; DNS knows nothing of it (KEP-4762). */
  readonly hostnameOverride?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly VolumeSource[];
  readonly tolerations?: readonly Toleration[];
  readonly readinessGates?: readonly { readonly conditionType: string }[];
  readonly schedulingGates?: readonly { readonly name: string }[];
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export interface Pod extends KubeObject {
  readonly spec: PodSpec;
  readonly status: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly conditions?: readonly ObjectCondition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

export type RetentionChoice = 'Retain' | 'Delete';

export interface RetentionPolicy {
  readonly whenDeleted?: RetentionChoice;
  readonly whenScaled?: RetentionChoice;
}

export interface UpdateStrategy {
  readonly type?: string;
  readonly rollingUpdate?: { readonly partition?: number; readonly maxUnavailable?: number | string };
}

export interface ClaimTemplate {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly volumeName?: string;
    readonly selector?: LabelSelector;
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
  };
}

export interface StatefulSetSpec {
  readonly replicas?: number;
  readonly serviceName?: string;
  readonly selector: LabelSelector;
  readonly template: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> }; readonly spec: PodSpec };
  readonly volumeClaimTemplates?: readonly ClaimTemplate[];
  readonly podManagementPolicy?: string;
  readonly updateStrategy?: UpdateStrategy;
  readonly minReadySeconds?: number;
  readonly ordinals?: { readonly start?: number };
  readonly persistentVolumeClaimRetentionPolicy?: RetentionPolicy;
}

export interface StatefulSet extends KubeObject {
  readonly spec: StatefulSetSpec;
  readonly status: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly currentReplicas?: number;
    readonly updatedReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
  };
}

export interface DataSource {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** A PersistentVolumeClaim; "claim" is the word for it everywhere in this program. */
export interface Claim extends KubeObject {
  readonly spec: {
    readonly volumeName?: string;
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
    readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
    readonly volumeMode?: string;
    readonly selector?: LabelSelector;
    /** What a new volume is filled from: a VolumeSnapshot, or another PVC (a clone). */
    readonly dataSource?: DataSource;
    readonly dataSourceRef?: DataSource;
    readonly volumeAttributesClassName?: string;
  };
  readonly status: {
    readonly phase?: string;
    readonly capacity?: Readonly<Record<string, string>>;
    readonly conditions?: readonly ObjectCondition[];
  };
}

/** One of several alternatives by which nodes are chosen; all of its requirements must hold. */
export interface NodeTerm {
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
  readonly matchFields?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** A PersistentVolume. */
export interface Volume extends KubeObject {
  readonly spec: {
    readonly persistentVolumeReclaimPolicy?: string;
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
    readonly volumeMode?: string;
    readonly capacity?: Readonly<Record<string, string>>;
    /** Without a uid the volume is reserved: for whichever PVC of that name comes first. */
    readonly claimRef?: { readonly namespace?: string; readonly name?: string; readonly uid?: string; readonly resourceVersion?: string };
    /** Where it can be used from: a volume of one node or zone. */
    readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms?: readonly NodeTerm[] } };
  };
  readonly status: { readonly phase?: string };
}
