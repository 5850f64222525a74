import 'vitest';

/** The cluster that the end-to-end tests run against, as globalSetup hands it to every test file. */
export interface ProvidedCluster {
  /** Name of the sandbox; absent on a cluster given by STS_SAFE_TEST_CONTEXT, where nodes cannot be lost and nothing is audited. */
  readonly sandbox?: string;
  /** Kubeconfig of an administrator; its current context is the cluster. */
  readonly kubeconfig: string;
  readonly context: string;
  readonly kubectl: string;
  /** Where the tests' own reads and writes go: an https address with the kubeconfig's certificate, or a `kubectl proxy`. */
  readonly api: string;
  /** The plugin as it is installed: `bin` is what a user has on PATH. */
  readonly installed: { readonly bin: string; readonly node: string };
  /** Image of members where Pods really run; absent where they are played, and do as their labels, annotations and images say. */
  readonly image?: string;
  /** A folder of this run; it goes with the sandbox, however the run ends. */
  readonly dir: string;
  /** One JSON document a line. */
  readonly auditLog?: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: ProvidedCluster;
    /** What this run's samples are drawn with. */
    seed: number;
  }
}
