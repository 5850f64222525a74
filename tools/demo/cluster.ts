import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import type { DemoArguments } from './arguments.ts';
import { type Context, contextsOf, filesOf } from './contexts.ts';
import { type Piece, play } from './play.ts';
import { ask, type Shell, Stop, show, tell } from './shell.ts';
import type { Stage } from './stage.ts';

type Wanted = NonNullable<DemoArguments['cluster']>;

const EXAMPLE = 'examples/anywhere.yaml';

/**
 * A cluster that is there. All that is made on it is one namespace of our own, which goes at the end, however the demo
 * ends; neither the kubeconfig nor anything else of it is changed.
 *
 * @throws Error in one sentence where there is no kubectl or no such context
 */
export async function clusterStage(wanted: Wanted, keep: boolean, root: string): Promise<Stage & { readonly stop: Stop }> {
  const stop = new Stop();
  const namespace = `sts-safe-demo-${randomBytes(3).toString('hex')}`;
  const folder = await mkdtemp(join(tmpdir(), 'sts-safe-demo-'));
  const shell = await shellOn(wanted, { namespace, folder, root, stop }).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const visit = new Visit(shell, namespace, wanted);
  return {
    stop,
    play: async () => {
      tell(`On context ${wanted.context}, in a namespace of its own: ${namespace}`);
      await demandDefaultClass(shell, wanted);
      await visit.begin();
      await playAndTell(shell, { set: 'db', manifest: await manifest(wanted, folder, root), mountPath: '/data' });
    },
    end: async () => {
      if (keep) visit.tellHowToUse(root);
      else await visit.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What it came to is shown before it goes: an image that cannot be pulled, a claim that waits. */
async function playAndTell(shell: Shell, piece: Piece): Promise<void> {
  try {
    await play(shell, piece);
  } catch (error) {
    if (shell.stop?.isAsked !== true) await show(shell, 'get', 'statefulset,pod,pvc').catch(() => undefined);
    throw error;
  }
}

interface Place {
  readonly namespace: string;
  readonly folder: string;
  readonly root: string;
  readonly stop: Stop;
}

/**
 * kubectl on this context and in our namespace without a flag: a kubeconfig in front of the user's own has the context
 * once more, with our namespace. What it leads to, credentials above all, stays where it is.
 */
async function shellOn({ context, kubeconfig }: Wanted, { namespace, folder, root, stop }: Place): Promise<Shell> {
  const files = filesOf(kubeconfig);
  const path = [join(root, 'node_modules/.bin'), join(root, 'bin'), process.env['PATH'] ?? ''].join(delimiter);
  const env = { KUBECONFIG: files, PATH: path };
  const known = await contextsOf(env, files);
  const found = known.find(({ name }) => name === context);
  if (found === undefined) throw new Error(noContext(context, files, known));
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    contexts: [{ name: context, context: { ...found.context, namespace } }],
  };
  const own = join(folder, 'kubeconfig');
  await writeFile(own, stringify(config), { mode: 0o600 });
  return { directory: root, kubectl: 'kubectl', env: { ...env, KUBECONFIG: [own, files].join(delimiter) }, stop };
}

function noContext(context: string, files: string, known: readonly Context[]): string {
  const there = known.length === 0 ? 'there is none' : `there are: ${known.map(({ name }) => name).join(', ')}`;
  return `There is no context "${context}" in ${files}; ${there}.`;
}

/** The example as it is, or a copy with an image that this cluster can pull. */
async function manifest({ image }: Wanted, folder: string, root: string): Promise<string> {
  if (image === undefined) return EXAMPLE;
  const copy = join(folder, 'anywhere.yaml');
  await writeFile(
    copy,
    (await readFile(join(root, EXAMPLE), 'utf8')).replace(/^( *image: ).*$/m, (_, key: string) => `${key}${JSON.stringify(image)}`),
  );
  return copy;
}

interface StorageClass {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/** Without one the claims would wait for ever. */
async function demandDefaultClass(shell: Shell, { context }: Wanted): Promise<void> {
  const { items } = JSON.parse(await ask(shell, 'get', 'storageclass', '-o', 'json')) as { readonly items: readonly StorageClass[] };
  if (items.some(({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true')) return;
  throw new Error(`The cluster of context ${context} has no default StorageClass, so its members would have no volumes.`);
}

interface Volume {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly claimRef?: { readonly namespace?: string }; readonly persistentVolumeReclaimPolicy?: string };
}

/** Names of the volumes that outlive their claims in this namespace. */
function retainedOf(namespace: string, list: string): readonly string[] {
  const { items } = JSON.parse(list) as { readonly items: readonly Volume[] };
  return items
    .filter(({ spec }) => spec.claimRef?.namespace === namespace && spec.persistentVolumeReclaimPolicy === 'Retain')
    .map(({ metadata }) => metadata.name);
}

/** Our namespace on somebody's cluster. */
class Visit {
  readonly #shell: Shell;
  readonly #namespace: string;
  readonly #wanted: Wanted;
  #begun = false;

  constructor(shell: Shell, namespace: string, wanted: Wanted) {
    this.#shell = shell;
    this.#namespace = namespace;
    this.#wanted = wanted;
  }

  async begin(): Promise<void> {
    // It may be made although we are stopped before we hear of it.
    this.#begun = true;
    try {
      await ask(this.#shell, 'create', 'namespace', this.#namespace);
    } catch (error) {
      // One that is there already is somebody else's.
      if (this.#shell.stop?.isAsked !== true) this.#begun = false;
      throw error;
    }
  }

  /** Resolves when nothing of ours is left; a Ctrl-C meanwhile does not reach it. */
  async end(): Promise<void> {
    if (!this.#begun) return;
    tell(`The end: namespace ${this.#namespace} is deleted, with everything in it`);
    const { env, kubectl } = this.#shell;
    // Not with this terminal's processes, which all hear of a Ctrl-C.
    const run = (...args: readonly string[]) => execa(kubectl, args, { env, detached: true, stdin: 'ignore' });
    // Who may not list volumes is not told of them.
    const volumes = await run('get', 'pv', '-o', 'json').then(
      ({ stdout }) => retainedOf(this.#namespace, stdout),
      () => [],
    );
    try {
      await run('delete', 'namespace', this.#namespace, '--ignore-not-found', '--wait', '--timeout=3m');
    } catch (error) {
      throw new Error(`the namespace may be left: ${this.removal}\n${(error as Error).message}`);
    }
    if (volumes.length > 0) tell(`Its StorageClass retains volumes: ${volumes.join(', ')} are left, for you to remove`);
  }

  /** The command that removes it. */
  get removal(): string {
    return `kubectl delete namespace ${this.#namespace} ${this.#where}`;
  }

  tellHowToUse(root: string): void {
    if (!this.#begun) return;
    tell(`Namespace ${this.#namespace} is still there:`);
    process.stdout.write(
      `  export PATH=${join(root, 'node_modules/.bin')}:${join(root, 'bin')}:$PATH\n  kubectl sts-safe status -n ${this.#namespace} ${this.#where}\n  ${this.removal}\n`,
    );
  }

  get #where(): string {
    const { context, kubeconfig } = this.#wanted;
    return `--context ${context}${kubeconfig === undefined ? '' : ` --kubeconfig ${kubeconfig}`}`;
  }
}
