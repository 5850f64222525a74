import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { down } from '../client/handle.ts';
import { knownFolders } from '../client/sweep.ts';
import type { Sandbox, SandboxOptions } from '../client/types.ts';
import { connectTo, start } from '../client/up.ts';
import { type ProfileName, profileNames } from '../control-plane/profile.ts';
import { defaultName, folderOf } from '../host/folder.ts';
import { nodeVerbs } from '../supervisor/nodes.ts';
import type { Arguments } from './arguments.ts';
import { showLog } from './logs.ts';
import { showStatus } from './status.ts';
import { terminalReporter } from './terminal.ts';
import { UsageError } from './usage.ts';

const componentActions = ['kill', 'start', 'restart', 'stop', 'cont'] as const;

/** Answers the exit code. */
type Command = (given: Arguments) => Promise<number>;

export const commands: Record<string, Command> = {
  up,
  down: downCommand,
  status: ({ output, name }) => showStatus(output, name),
  kubeconfig: async (given) => {
    process.stdout.write(readFileSync((await theSandbox(given)).kubeconfig, 'utf8'));
    return 0;
  },
  kubectl,
  node: actOnNode,
  apiserver: async (given) => {
    const [action] = only(given, 'ACTION');
    const verb = actionOf(action, componentActions);
    await (await theSandbox(given)).component('kube-apiserver')[verb]();
    return 0;
  },
  component: async (given) => {
    const [action, name] = only(given, 'ACTION', 'NAME');
    const verb = actionOf(action, componentActions);
    await (await theSandbox(given)).component(name as string)[verb]();
    return 0;
  },
  logs: async (given) => showLog(folderOf(given.name ?? defaultName), only(given, 'COMPONENT')[0] as string, given.follow),
};

async function up(given: Arguments): Promise<number> {
  only(given);
  const { sandbox, bootMs } = await start({ ...optionsOf(given), lifetime: 'detached' }, terminalReporter());
  const flag = sandbox.name === defaultName ? '' : ` --name ${sandbox.name}`;
  const first =
    bootMs === undefined
      ? `The sandbox "${sandbox.name}" is up already.`
      : `The sandbox "${sandbox.name}" is up after ${(bootMs / 1000).toFixed(1)} s.`;
  process.stdout.write(`${first}

  export KUBECONFIG=${sandbox.kubeconfig}
  kubectl get nodes                       # or: npm run sandbox --${flag} kubectl get nodes
  npm run sandbox --${flag} node kill 1       # lose a node
  npm run sandbox --${flag} down
`);
  return 0;
}

function optionsOf({ name, nodes, profile, minor, qps, real }: Arguments): Omit<SandboxOptions, 'lifetime'> {
  if (profile !== undefined && !profileNames.includes(profile as ProfileName)) {
    throw new UsageError(`--profile is one of ${profileNames.join(', ')}, not "${profile}".`);
  }
  return {
    real,
    ...(name === undefined ? {} : { name }),
    ...(nodes === undefined ? {} : { nodes: count('--nodes', nodes) }),
    ...(profile === undefined ? {} : { profile: profile as ProfileName }),
    ...(minor === undefined ? {} : { minor }),
    ...(qps === undefined ? {} : { controllerQps: count('--qps', qps) }),
  };
}

async function downCommand(given: Arguments): Promise<number> {
  only(given);
  const folders = given.all ? knownFolders() : [folderOf(given.name ?? defaultName)];
  for (const folder of folders) {
    const found = await down(folder);
    process.stdout.write(found ? `The sandbox "${folder.name}" is gone.\n` : `There is no sandbox "${folder.name}".\n`);
  }
  return 0;
}

async function kubectl(given: Arguments): Promise<number> {
  const sandbox = await theSandbox(given);
  const child = spawn(sandbox.kubectl, given.operands, {
    stdio: 'inherit',
    env: { ...process.env, KUBECONFIG: sandbox.kubeconfig, KUBECACHEDIR: join(sandbox.dir, 'kubectl-cache') },
  });
  // Ctrl-C goes to the whole group: kubectl decides what it means.
  process.on('SIGINT', () => {});
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)));
}

async function actOnNode(given: Arguments): Promise<number> {
  const [action, number] = only(given, 'ACTION', 'N');
  const verb = actionOf(action, [...componentActions, ...nodeVerbs] as const);
  const index = count('N', number as string);
  await (await theSandbox(given)).node(index)[verb]();
  return 0;
}

function actionOf<T extends string>(action: string | undefined, known: readonly T[]): T {
  const found = known.find((it) => it === action);
  if (!found) throw new UsageError(`ACTION is one of ${known.join(', ')}, not "${action}".`);
  return found;
}

async function theSandbox({ name = defaultName }: Arguments): Promise<Sandbox> {
  const sandbox = await connectTo(folderOf(name));
  if (!sandbox)
    throw new Error(`The sandbox "${name}" is not up: start it with npm run sandbox -- up${name === defaultName ? '' : ` --name ${name}`}`);
  return sandbox;
}

/** The operands, exactly as many as there are names. */
function only({ command, operands }: Arguments, ...names: string[]): string[] {
  if (operands.length !== names.length) {
    throw new UsageError(names.length ? `${command} takes ${names.join(' ')}.` : `${command} takes no "${operands[0]}".`);
  }
  return operands;
}

function count(what: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`${what} is a whole number, not "${text}".`);
  return Number(text);
}
