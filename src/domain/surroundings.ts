import type { KubeObject, LabelSelector, ObjectCondition } from './kube.ts';

/** What stands around a set: Services, nodes, whoever scales or restrains it. Import these from kube.ts. */

export interface Service extends KubeObject {
  readonly spec: {
    /** ClusterIP where it is absent. */
    readonly type?: string;
    readonly clusterIP?: string;
    /** IPv4, IPv6 or both. */
    readonly ipFamilies?: readonly string[];
    readonly selector?: Readonly<Record<string, string>>;
    readonly publishNotReadyAddresses?: boolean;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: number | string;
      readonly protocol?: string;
    }[];
  };
}

export interface EndpointSlice extends KubeObject {
  readonly addressType?: string;
  readonly endpoints?: readonly {
    readonly addresses: readonly string[];
    readonly hostname?: string;
    readonly nodeName?: string;
    readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
    readonly targetRef?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[];
}

export interface Node extends KubeObject {
  readonly spec: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
    /** Of the machine, in the words of its cloud provider. */
    readonly providerID?: string;
  };
  readonly status: {
    readonly conditions?: readonly ObjectCondition[];
    readonly nodeInfo?: { readonly bootID?: string };
    /** Volumes that the kubelet has not reported as unmounted. */
    readonly volumesInUse?: readonly string[];
  };
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

/** A Lease of namespace kube-node-lease: the kubelet renews the one of its node every 10 s. */
export interface Lease extends KubeObject {
  readonly spec: { readonly holderIdentity?: string; readonly leaseDurationSeconds?: number; readonly renewTime?: string };
}

/** What the attach controller has attached to a node, or wants to. */
export interface VolumeAttachment extends KubeObject {
  readonly spec: { readonly nodeName: string; readonly source: { readonly persistentVolumeName?: string } };
  readonly status?: { readonly attached?: boolean };
}

/** A PodDisruptionBudget. */
export interface DisruptionBudget extends KubeObject {
  readonly spec: { readonly minAvailable?: number | string; readonly maxUnavailable?: number | string; readonly selector?: LabelSelector };
  readonly status: {
    readonly disruptionsAllowed?: number;
    readonly currentHealthy?: number;
    readonly desiredHealthy?: number;
    readonly expectedPods?: number;
  };
}

/** A HorizontalPodAutoscaler (autoscaling/v2). */
export interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    /** As far as it can switch an HPA off. */
    readonly behavior?: { readonly scaleUp?: { readonly selectPolicy?: string }; readonly scaleDown?: { readonly selectPolicy?: string } };
  };
}

/** KEDA's ScaledObject. */
export interface ScaledObject extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef?: { readonly apiVersion?: string; readonly kind?: string; readonly name?: string };
    readonly minReplicaCount?: number;
    /** 100 where it is absent. */
    readonly maxReplicaCount?: number;
  };
}

/** A VolumeSnapshotClass: the driver can take snapshots. */
export interface SnapshotClass extends KubeObject {
  readonly driver?: string;
}

/** A VolumeSnapshot of the CSI snapshotter. */
export interface VolumeSnapshot extends KubeObject {
  readonly spec: { readonly source?: { readonly persistentVolumeClaimName?: string } };
  readonly status?: { readonly readyToUse?: boolean };
}

/** Something else than a StatefulSet that makes Pods, as far as its template names PVCs. */
export interface Workload {
  /** `Deployment`, `CronJob`, … */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Names of the PVCs. */
  readonly claims: readonly string[];
}

/** An object of a custom resource that looks like a StatefulSet: a fork, or an operator's own. It may generate the same names. */
export interface KinSet {
  /** `statefulsets.apps.kruise.io` */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** Names of its claim templates. */
  readonly templates: readonly string[];
}

export interface ControllerRevision extends KubeObject {
  readonly revision: number;
  /** The Pod template, as a patch of the set's spec; only where a revision is read by its name. */
  readonly data?: { readonly spec?: { readonly template?: Readonly<Record<string, unknown>> } };
}

export interface StorageClass extends KubeObject {
  readonly provisioner?: string;
  readonly reclaimPolicy?: string;
  readonly volumeBindingMode?: string;
  readonly allowVolumeExpansion?: boolean;
}

export interface ResourceQuota extends KubeObject {
  /** A scoped quota counts only some of the objects. */
  readonly spec?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: object;
  };
  readonly status: { readonly hard?: Readonly<Record<string, string>>; readonly used?: Readonly<Record<string, string>> };
}

/** A core Event, as listed for `status` and `doctor`. */
export interface CoreEvent extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string;
  readonly eventTime?: string;
  readonly involvedObject: { readonly kind?: string; readonly name?: string; readonly uid?: string };
}

/** A Secret as read for archives: values are base64. */
export interface Secret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

export interface Namespace extends KubeObject {
  /** `Terminating` from its deletion on, until everything in it is gone. */
  readonly status?: { readonly phase?: string };
}
