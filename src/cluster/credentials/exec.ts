import type { Clock } from '../../domain/clock.ts';
import { CannotError } from '../../domain/errors.ts';
import type { Credentials, Endpoint, Identity } from '../endpoint.ts';
import type { ClusterEntry, ExecEntry } from '../kubeconfig/model.ts';
import { decodeExecCredential, execInfo, type PluginAnswer, unsupportedVersion } from './exec-credential.ts';
import { lookPath } from './look-path.ts';
import { type PluginPolicy, pluginRefusal } from './plugin-policy.ts';
import { runPlugin } from './run-plugin.ts';

/** A server that goes on saying 401 to what the plugin has just given will not be persuaded: watches would start it for ever. */
const RENEW_EVERY_MS = 30_000;

export interface ExecParts {
  readonly exec: ExecEntry;
  /** What the user's kuberc says of plugins; undefined where nothing limits them. */
  readonly policy: PluginPolicy | undefined;
  readonly userName: string;
  readonly cluster: ClusterEntry;
  readonly endpoint: Endpoint;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** A line of the plugin's stderr. */
  readonly log: (line: string) => void;
  /** Whether somebody sits at stdin. */
  readonly terminal: () => boolean;
}

/** Credentials from an exec plugin: run when first needed, again when they have expired, and once more after a 401. */
export class ExecCredentials implements Credentials {
  readonly #parts: ExecParts;
  #answer: PluginAnswer | undefined;
  #running: Promise<PluginAnswer> | undefined;
  #renewed = Number.NEGATIVE_INFINITY;

  constructor(parts: ExecParts) {
    this.#parts = parts;
  }

  async identity(): Promise<Identity> {
    const { expires } = this.#answer ?? {};
    const expired = expires !== undefined && this.#parts.clock.now() > expires;
    if (this.#answer === undefined || expired) this.#answer = await this.#run();
    return this.#answer.identity;
  }

  async renew(used: Identity): Promise<boolean> {
    // Requests under way together get their 401s together: one run is enough for all.
    if (this.#answer?.identity !== used) return true;
    const now = this.#parts.clock.now();
    if (now - this.#renewed < RENEW_EVERY_MS) return false;
    this.#answer = await this.#run();
    this.#renewed = now;
    return true;
  }

  /** One run at a time: a plugin may be asking somebody something. */
  async #run(): Promise<PluginAnswer> {
    this.#running ??= this.#runOnce();
    try {
      return await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  async #runOnce(): Promise<PluginAnswer> {
    const { exec, cluster, endpoint, env, log } = this.#parts;
    const unsupported = unsupportedVersion(exec);
    if (unsupported !== undefined) throw this.#failure(unsupported);
    const interactive = this.#interactive();
    const result = await runPlugin({
      command: this.#program(),
      args: exec.args,
      env: {
        ...env,
        ...Object.fromEntries(exec.env.map(({ name, value }) => [name, value])),
        KUBERNETES_EXEC_INFO: execInfo(exec, interactive, cluster, endpoint.ca, endpoint.proxy),
      },
      interactive,
      log,
    });
    if (typeof result === 'string') throw this.#failure(result);
    const answer = decodeExecCredential(result.stdout, exec.apiVersion);
    if (typeof answer === 'string') throw this.#failure(answer);
    return answer;
  }

  #interactive(): boolean {
    const { exec, terminal } = this.#parts;
    if (exec.interactiveMode === 'Never') return false;
    const somebody = terminal();
    if (exec.interactiveMode === 'Always' && !somebody) throw this.#failure('it needs a terminal, and standard input is none');
    return somebody;
  }

  /**
   * The program to run, as it was compared with the policy: looked up by our own PATH and not by one that the kubeconfig
   * gives the plugin (client-go: the same). Throws CannotError where kuberc does not allow it.
   */
  #program(): string {
    const { exec, policy, env, userName } = this.#parts;
    const refusal = policy === undefined ? undefined : pluginRefusal(policy, exec.command, env);
    if (refusal !== undefined) {
      const what = `cannot get credentials of "${userName}": kuberc ${policy?.file} does not allow credential plugin ${exec.command}`;
      throw new CannotError(`${what}: ${refusal}`, 'kubectl obeys it as well; it was not run');
    }
    const program = lookPath(exec.command, env);
    // A path that leads nowhere is for the system to explain.
    if (program === undefined && !/[\\/]/.test(exec.command)) throw this.#failure('the program was not found');
    return program ?? exec.command;
  }

  #failure(why: string): CannotError {
    const { exec, userName } = this.#parts;
    const hint = exec.installHint === '' ? undefined : withoutControls(exec.installHint);
    return new CannotError(`cannot get credentials of "${userName}" from ${exec.command}: ${why}`, hint);
  }
}

/** An install hint is somebody else's text (client-go cleans it, too). Line breaks stay. */
function withoutControls(text: string): string {
  return text.trim().replaceAll(/[^\P{C}\n\t]/gu, (char) => `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
}
