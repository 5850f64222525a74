import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where one sandbox keeps everything: removing `dir` removes all that it left on the machine. */
export interface Folder {
  name: string;
  dir: string;
  /** Held by whoever is starting it; beside `dir`, which comes and goes. */
  lock: string;
  options: string;
  controlSocket: string;
  egressSocket: string;
  logs: string;
  pki: string;
  config: string;
  users: string;
  volumes: string;
  etcd: string;
  kubeconfig: string;
  auditLog: string;
}

export const defaultName = 'default';

/** Names become folders, contexts and parts of socket paths, so they are short and plain. */
const namePattern = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/** macOS allows 104 bytes for a unix socket's path, Linux 108, both with the closing zero. */
const socketPathLimit = 103;

export function userRoot(suffix = ''): string {
  return join(tmpdir(), `sts-safe-sandbox-${userInfo().uid}${suffix}`);
}

export function stateRoot(): string {
  return process.env.STS_SAFE_SANDBOX_STATE || userRoot();
}

/** The layout of a sandbox's state folder; makes nothing. Throws a sentence if the name or the path will not do. */
export function folderOf(name: string, root = stateRoot()): Folder {
  if (!namePattern.test(name)) {
    throw new Error(`"${name}" cannot be a sandbox's name: use up to 32 lower-case letters, digits and dashes.`);
  }
  const dir = join(root, name);
  const controlSocket = join(dir, 'control.sock');
  if (Buffer.byteLength(controlSocket) > socketPathLimit) {
    throw new Error(
      `${controlSocket} is too long for a unix socket (${socketPathLimit} bytes): set STS_SAFE_SANDBOX_STATE to a shorter folder.`,
    );
  }
  return {
    name,
    dir,
    lock: join(root, `.${name}.lock`),
    options: join(dir, 'options.json'),
    controlSocket,
    egressSocket: join(dir, 'egress.sock'),
    logs: join(dir, 'logs'),
    pki: join(dir, 'pki'),
    config: join(dir, 'config'),
    users: join(dir, 'users'),
    volumes: join(dir, 'volumes'),
    etcd: join(dir, 'etcd'),
    kubeconfig: join(dir, 'admin.kubeconfig'),
    auditLog: join(dir, 'audit.log'),
  };
}

/** Makes a folder that only this user can read; refuses one that somebody else put there first, as /tmp is everybody's. */
export function makePrivate(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const found = lstatSync(dir);
  if (!found.isDirectory() || (found.uid !== userInfo().uid && userInfo().uid !== -1)) {
    throw new Error(`${dir} is not a folder of this user: set STS_SAFE_SANDBOX_STATE to another one.`);
  }
}
