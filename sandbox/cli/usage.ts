import { defaults } from '../control-plane/options.ts';

/** A mistake in the command line: exit code 2, and a hint at --help. */
export class UsageError extends Error {}

export const help = `A real Kubernetes control plane on this machine, with nodes played by KWOK, or real ones.

Usage: npm run sandbox -- COMMAND

  up [--real] [--nodes ${defaults.nodes}] [--profile calm|quick|default] [--minor 1.36] [--qps ${defaults.controllerQps}]
                                     start a sandbox; nothing happens to one that is up
                                     --real: kubelets and containers that really run (Linux, root)
  down [--all]                       end it: no process, port or file is left
  status [-o json]                   all sandboxes and their components
  kubeconfig                         print the administrator's kubeconfig
  kubectl ARGUMENTS…                 run a kubectl of the cluster's version
  node ACTION N                      kill | start | restart | stop | cont | apicut | apijoin node N
                                     with --real also cut | join (its cable) | off | on (its power)
  apiserver ACTION                   kill | start | restart | stop | cont
  component ACTION NAME              the same for etcd, kube-controller-manager, kube-scheduler, provisioner, coredns
  logs COMPONENT [-f]                print a component's log (also: supervisor, audit)

  --name NAME                        which sandbox (default: default); goes before the command or after it
  -h, --help

kill is SIGKILL, stop is SIGSTOP (it hangs), cont is SIGCONT; apicut cuts a node's way to the API server.
Profiles say how soon a silent node is lost: quick 6 s, calm 20 s, default 50 s as in Kubernetes.
Exit codes: 0 done, 1 failed, 2 wrong usage; kubectl's own for kubectl.
`;
