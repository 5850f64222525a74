/** Who we say we are, on one request. Certificates belong to the connection, so another one means another connection. */
export interface Identity {
  /** Value of the Authorization header. */
  readonly authorization?: string | undefined;
  /** PEM. */
  readonly cert?: string | undefined;
  /** PEM. */
  readonly key?: string | undefined;
}

/** Where identities come from: files and flags, an exec plugin, a legacy auth-provider. */
export interface Credentials {
  /** The identity to use now; runs a plugin or reads a file when there is none or it has expired. Rejects with CannotError. */
  identity(): Promise<Identity>;
  /** The server answered 401 to `used`. @returns whether another identity is there now, so that one more try makes sense. */
  renew(used: Identity): Promise<boolean>;
}

/** Where the API server is and how it proves itself: a resolved kubeconfig cluster. */
export interface Endpoint {
  /** `https://host:port` with an optional path prefix and without a slash at the end. */
  readonly server: string;
  /** PEM; the system's roots when absent. */
  readonly ca: string | undefined;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  /** From the kubeconfig's proxy-url or the environment; undefined is a direct connection. */
  readonly proxy: string | undefined;
  readonly compression: boolean;
  /** HTTP/2 where the server speaks it. */
  readonly http2: boolean;
  /** Impersonate-* headers. */
  readonly impersonation: Readonly<Record<string, string | string[]>>;
}
