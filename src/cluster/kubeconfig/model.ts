/** A kubeconfig as client-go has it in memory: maps by name, paths made absolute. Fields that we do not use are not here. */
export interface Kubeconfig {
  readonly currentContext: string;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
}

export interface ContextEntry {
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

export interface ClusterEntry {
  readonly server: string;
  readonly tlsServerName: string;
  readonly insecureSkipTlsVerify: boolean;
  readonly certificateAuthority: string;
  /** Base64. */
  readonly certificateAuthorityData: string;
  readonly proxyUrl: string;
  readonly disableCompression: boolean;
  /** Extension `client.authentication.k8s.io/exec`: handed to exec plugins as `spec.cluster.config`. */
  readonly execConfig: unknown;
}

export interface UserEntry {
  readonly clientCertificate: string;
  /** Base64. */
  readonly clientCertificateData: string;
  readonly clientKey: string;
  /** Base64. */
  readonly clientKeyData: string;
  readonly token: string;
  readonly tokenFile: string;
  readonly as: string;
  readonly asUid: string;
  readonly asGroups: readonly string[];
  readonly asUserExtra: Readonly<Record<string, readonly string[]>>;
  readonly username: string;
  readonly password: string;
  /** The old mechanism (oidc): kept raw for the library that still knows it. */
  readonly authProvider: { readonly name: string; readonly config: Readonly<Record<string, string>> } | undefined;
  readonly exec: ExecEntry | undefined;
}

export interface ExecEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly apiVersion: string;
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string;
}

export const NO_CONTEXT: ContextEntry = { cluster: '', user: '', namespace: '' };

export const NO_CLUSTER: ClusterEntry = {
  server: '',
  tlsServerName: '',
  insecureSkipTlsVerify: false,
  certificateAuthority: '',
  certificateAuthorityData: '',
  proxyUrl: '',
  disableCompression: false,
  execConfig: undefined,
};

export const NO_USER: UserEntry = {
  clientCertificate: '',
  clientCertificateData: '',
  clientKey: '',
  clientKeyData: '',
  token: '',
  tokenFile: '',
  as: '',
  asUid: '',
  asGroups: [],
  asUserExtra: {},
  username: '',
  password: '',
  authProvider: undefined,
  exec: undefined,
};
