import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { whileHolding } from '../host/claim.ts';
import { makePrivate } from '../host/folder.ts';
import { compile } from './compile.ts';
import { buildKey } from './key.ts';
import { defaultMinor, type GoModule, modulesFor } from './modules.ts';
import { markUsed, prune } from './prune.ts';
import type { Reporter } from './reporter.ts';
import { goVersion } from './toolchain.ts';
import { fullVersion } from './version.ts';

/** Paths of all binaries that a sandbox runs. */
export interface Binaries {
  version: string;
  kube: string;
  kubectl: string;
  kwok: string;
  provisioner: string;
  pki: string;
}

export function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(process.env.STS_SAFE_SANDBOX_CACHE || join(base, 'kubectl-sts-safe'), 'bin');
}

/** Finds the binaries for a minor in the cache and compiles what is missing. Two processes that want the same compile it once. */
export async function ensureBinaries(report: Reporter, minor = defaultMinor): Promise<Binaries> {
  const version = fullVersion(minor);
  const path = await ensureModules(modulesFor(minor, version), report);
  return { version, kube: path('kube'), kubectl: path('kubectl'), kwok: path('kwok'), provisioner: path('provisioner'), pki: path('pki') };
}

/** Answers how to find a binary of these modules by its name. */
export async function ensureModules(modules: GoModule[], report: Reporter): Promise<(binary: string) => string> {
  const go = await goVersion();
  const cache = cacheFolder();
  makePrivate(cache);
  const paths = new Map<string, string>();
  for (const module of modules) {
    const folder = await ensure(module, join(cache, buildKey(module, go)), report);
    for (const binary of module.binaries) paths.set(binary, join(folder, binary));
  }
  return (binary) => paths.get(binary) as string;
}

async function ensure(module: GoModule, folder: string, report: Reporter): Promise<string> {
  if (existsSync(folder)) {
    markUsed(folder);
    return folder;
  }
  const waiting = () => report.line(`waiting for another process that is compiling ${module.name}`);
  await whileHolding(`${folder}.lock`, waiting, async () => {
    if (!existsSync(folder)) await compile(module, folder, report);
    prune(module.name, dirname(folder));
  });
  return folder;
}
