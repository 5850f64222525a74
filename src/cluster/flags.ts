/** kubectl's connection flags, as given on the command line; absent where they were not. */
export interface ConnectionFlags {
  readonly kubeconfig?: string | undefined;
  readonly kuberc?: string | undefined;
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

/** The flags that say which cluster, and as whom: a printed command without one of them is another command. */
const REPEATED = {
  kubeconfig: '--kubeconfig',
  context: '--context',
  cluster: '--cluster',
  user: '--user',
  server: '--server',
  as: '--as',
  asGroup: '--as-group',
  asUid: '--as-uid',
  certificateAuthority: '--certificate-authority',
  clientCertificate: '--client-certificate',
  clientKey: '--client-key',
  tlsServerName: '--tls-server-name',
} as const satisfies Partial<Record<keyof ConnectionFlags, string>>;

/**
 * The words that lead to the same cluster as the same user again, behind kubectl and behind this plugin. An empty value
 * is as good as no flag (client-go), and a token is a secret: whoever has it puts it in.
 *
 * @param context the one that was used, where it can be named: the kubeconfig's current one may be another by then
 */
export function flagWords(given: ConnectionFlags, context: string): readonly string[] {
  const flags: ConnectionFlags = { ...given, context };
  const named = (Object.keys(REPEATED) as (keyof typeof REPEATED)[]).flatMap((key) =>
    [flags[key] ?? []].flat().flatMap((value) => wordsOf(REPEATED[key], value)),
  );
  return [
    ...named,
    ...(flags.insecureSkipTlsVerify === true ? ['--insecure-skip-tls-verify'] : []),
    ...(flags.token ? ['--token', '<token>'] : []),
  ];
}

function wordsOf(flag: string, value: string): readonly string[] {
  if (value === '') return [];
  return value.startsWith('-') ? [`${flag}=${value}`] : [flag, value];
}
