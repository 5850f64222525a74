import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cacheFolder, ensureModules } from '../build/binaries.ts';
import { markUsed, prune } from '../build/prune.ts';
import type { Reporter } from '../build/reporter.ts';
import { fullVersion } from '../build/version.ts';
import { whileHolding } from '../host/claim.ts';
import { findBusybox } from './host.ts';
import { buildImages, imageFiles, imagesKey } from './images.ts';
import { realModules } from './modules.ts';
import type { RealParts } from './parts.ts';

/** Compiles what is missing of real nodes, and packs the images. */
export async function ensureParts(report: Reporter, minor: string): Promise<RealParts> {
  const path = await ensureModules(realModules(minor, fullVersion(minor)), report);
  const sources = { busybox: findBusybox(), pause: path('pause'), fence: path('fence'), etcd: path('etcd'), etcdctl: path('etcdctl') };
  const folder = join(cacheFolder(), imagesKey(sources));
  if (existsSync(folder)) markUsed(folder);
  else {
    const waiting = () => report.line('waiting for another process that is packing the images');
    await whileHolding(`${folder}.lock`, waiting, async () => {
      if (!existsSync(folder)) await buildImages(sources, folder);
      prune(basename(folder).replace(/-[^-]*$/, ''), dirname(folder));
    });
  }
  return {
    kubelet: path('kubelet'),
    kubeProxy: path('kube-proxy'),
    containerd: path('containerd'),
    runc: path('runc'),
    bridge: path('bridge'),
    coredns: path('coredns'),
    fabric: path('fabric'),
    machine: path('machine'),
    images: imageFiles(folder),
  };
}
