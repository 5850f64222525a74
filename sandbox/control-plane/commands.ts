import { join } from 'node:path';
import type { Folder } from '../host/folder.ts';
import { nodesFolder } from '../real/layout.ts';
import type { ConfigFiles } from './configuration.ts';
import type { BootOptions } from './options.ts';
import type { Ports } from './ports.ts';
import { type Profile, profiles } from './profile.ts';

/** All that the command lines of the control plane are made of. */
export interface Plan {
  options: BootOptions;
  folder: Folder;
  ports: Ports;
  config: ConfigFiles;
}

export interface Command {
  file: string;
  args: string[];
}

export const provisionerName = 'sandbox.sts-safe/directory';

export function etcd({ options, folder, ports }: Plan): Command {
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  const client = `http://127.0.0.1:${ports.etcd}`;
  return {
    file: options.binaries.kube,
    args: [
      'etcd',
      `--data-dir=${folder.etcd}`,
      // A sandbox does not outlive the machine's power.
      '--unsafe-no-fsync',
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--log-level=warn',
    ],
  };
}

export function apiserver({ options, folder, ports, config }: Plan): Command {
  const pki = (file: string) => join(folder.pki, file);
  const profile: Profile = profiles[options.profile];
  const seconds = profile.tolerationSeconds;
  return {
    file: options.binaries.kube,
    args: [
      'kube-apiserver',
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${ports.apiserver}`,
      `--tls-cert-file=${pki('serving.crt')}`,
      `--tls-private-key-file=${pki('serving.key')}`,
      `--client-ca-file=${pki('ca.crt')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${pki('tokens.key')}`,
      `--service-account-signing-key-file=${pki('tokens.key')}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--authorization-mode=Node,RBAC',
      '--allow-privileged',
      // EndpointSlices refuse loopback addresses, so the Service "kubernetes" has no endpoints.
      '--endpoint-reconciler-type=none',
      '--kubelet-preferred-address-types=InternalIP',
      `--egress-selector-config-file=${config.egress}`,
      `--audit-policy-file=${config.audit}`,
      `--audit-log-path=${folder.auditLog}`,
      '--audit-log-maxsize=1024',
      '--profiling=false',
      ...(options.real ? kubeletClient(folder) : []),
      ...(seconds === undefined
        ? []
        : [`--default-unreachable-toleration-seconds=${seconds}`, `--default-not-ready-toleration-seconds=${seconds}`]),
    ],
  };
}

/** A real kubelet asks who speaks to it, and is a user whose rights end at its own node. */
const kubeletClient = ({ pki }: Folder): string[] => [
  `--kubelet-client-certificate=${join(pki, 'kubelet-client.crt')}`,
  `--kubelet-client-key=${join(pki, 'kubelet-client.key')}`,
  '--enable-admission-plugins=NodeRestriction',
];

export function controllerManager({ options, folder, ports }: Plan): Command {
  const pki = (file: string) => join(folder.pki, file);
  return {
    file: options.binaries.kube,
    args: [
      'kube-controller-manager',
      `--kubeconfig=${join(folder.config, 'kube-controller-manager.kubeconfig')}`,
      '--leader-elect=false',
      '--bind-address=127.0.0.1',
      `--secure-port=${ports.controllers}`,
      `--tls-cert-file=${pki('serving.crt')}`,
      `--tls-private-key-file=${pki('serving.key')}`,
      `--service-account-private-key-file=${pki('tokens.key')}`,
      `--root-ca-file=${pki('ca.crt')}`,
      `--cluster-signing-cert-file=${pki('ca.crt')}`,
      `--cluster-signing-key-file=${pki('ca.key')}`,
      // Every controller is a user of its own, so the audit log tells which one wrote.
      '--use-service-account-credentials',
      `--kube-api-qps=${options.controllerQps}`,
      `--kube-api-burst=${2 * options.controllerQps}`,
      '--concurrent-statefulset-syncs=20',
      // The default is made on the machine's /usr when root runs this.
      `--flex-volume-plugin-dir=${join(folder.dir, 'home', 'volume-plugins')}`,
      '--profiling=false',
      ...profiles[options.profile].nodeMonitor,
    ],
  };
}

export function scheduler({ options, folder, ports, config }: Plan): Command {
  return {
    file: options.binaries.kube,
    args: [
      'kube-scheduler',
      `--config=${config.scheduler}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${ports.scheduler}`,
      `--tls-cert-file=${join(folder.pki, 'serving.crt')}`,
      `--tls-private-key-file=${join(folder.pki, 'serving.key')}`,
    ],
  };
}

export function provisioner({ options, folder }: Plan): Command {
  return {
    file: options.binaries.provisioner,
    args: [
      `--kubeconfig=${join(folder.config, 'provisioner.kubeconfig')}`,
      `--root=${folder.volumes}`,
      `--name=${provisionerName}`,
      ...(options.real ? [`--nodes=${nodesFolder(folder)}`] : []),
    ],
  };
}
