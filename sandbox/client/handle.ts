import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { contextOf, issueCredentials, writeKubeconfig } from '../control-plane/credentials.ts';
import { nodeName } from '../control-plane/kwok.ts';
import { isHeld } from '../host/claim.ts';
import type { Folder } from '../host/folder.ts';
import type { Status } from '../supervisor/control.ts';
import type { NodeVerb } from '../supervisor/nodes.ts';
import { command, endAndWait, statusOf } from './control.ts';
import { sweep } from './sweep.ts';
import type { Component, Sandbox, SandboxNode } from './types.ts';

/** A handle on a living sandbox. Every call is one command to its supervisor, so several processes may hold one. */
export function handleOf(folder: Folder, { options }: Status): Sandbox {
  const server = serverOf(folder);
  const component = (name: string): Component => componentOf(folder, name);
  return {
    name: folder.name,
    dir: folder.dir,
    kubeconfig: folder.kubeconfig,
    kubectl: options.binaries.kubectl,
    server,
    auditLog: folder.auditLog,
    component,
    node: (number): SandboxNode => ({
      ...component(nodeName(number)),
      ...nodeActions(folder, number),
    }),
    route: (address, port, local) => command(folder, 'PUT', '/routes', { address, port, local }),
    userKubeconfig: (user, groups = []) => userKubeconfig(folder, options.binaries.pki, server, user, groups),
    status: () => command<Status>(folder, 'GET', '/status'),
    down: async () => {
      await down(folder);
    },
  };
}

/** Ends a sandbox and leaves nothing of it, whatever state it is in. Answers whether there was one. */
export async function down(folder: Folder): Promise<boolean> {
  while (!(await statusOf(folder))) {
    if (!isHeld(folder.lock)) return sweep(folder);
    // Somebody is starting it: its supervisor will listen in a moment.
    await delay(100);
  }
  await endAndWait(folder);
  await sweep(folder);
  return true;
}

function componentOf(folder: Folder, name: string): Component {
  const act = (verb: string) => (): Promise<void> => command(folder, 'POST', `/components/${name}/${verb}`);
  return {
    kill: act('kill'),
    start: act('start'),
    stop: act('stop'),
    cont: act('cont'),
    restart: act('restart'),
    pid: async () => {
      const { components } = await command<Status>(folder, 'GET', '/status');
      return components.find((it) => it.name === name)?.pid;
    },
  };
}

function nodeActions(folder: Folder, number: number): Record<NodeVerb, () => Promise<void>> {
  const act = (verb: NodeVerb) => (): Promise<void> => command(folder, 'POST', `/nodes/${number}/${verb}`);
  return { apicut: act('apicut'), apijoin: act('apijoin'), cut: act('cut'), join: act('join'), off: act('off'), on: act('on') };
}

async function userKubeconfig(folder: Folder, pki: string, server: string, user: string, groups: string[]): Promise<string> {
  const credentials = await issueCredentials(pki, folder, user, groups);
  const authority = readFileSync(join(folder.pki, 'ca.crt'), 'utf8');
  const path = join(folder.users, `${encodeURIComponent([user, ...groups].join(','))}.kubeconfig`);
  writeKubeconfig(path, { context: contextOf(folder.name), user, server, authority, credentials });
  return path;
}

function serverOf(folder: Folder): string {
  const { clusters } = parse(readFileSync(folder.kubeconfig, 'utf8')) as { clusters: [{ cluster: { server: string } }] };
  return clusters[0].cluster.server;
}
