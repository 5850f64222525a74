/** kubectl's connection flags, as given on the command line; absent where they were not. */
export interface ConnectionFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  readonly user?: string | undefined;
  readonly namespace?: string | undefined;
  readonly server?: string | undefined;
  readonly token?: string | undefined;
  readonly as?: string | undefined;
  readonly asGroup?: readonly string[] | undefined;
  readonly asUid?: string | undefined;
  readonly asUserExtra?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
  readonly insecureSkipTlsVerify?: boolean | undefined;
  readonly tlsServerName?: string | undefined;
  /** Go's duration or plain seconds; `0` or absent means the default of each request. */
  readonly requestTimeout?: string | undefined;
  /** `-v`: 6 logs requests, 7 adds request headers without secrets, 8 adds bodies (never those of Secrets). */
  readonly verbosity?: number | undefined;
}
