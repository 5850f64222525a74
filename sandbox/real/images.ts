import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, createReadStream, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The programs that the images are made of; all are static. */
export interface ImageSources {
  busybox: string;
  pause: string;
  fence: string;
  etcd: string;
  etcdctl: string;
}

export const pauseImage = 'sandbox.local/pause:1';

interface Image {
  file: string;
  reference: string;
  /** Path in the image and the file that comes there. */
  files: [string, string][];
  shell: boolean;
  config: object;
}

/** The pause image first: Pods cannot start without it. */
function images({ busybox, pause, fence, etcd, etcdctl }: ImageSources): Image[] {
  const shell: [string, string][] = [
    ['bin/busybox', busybox],
    ['bin/fence', fence],
  ];
  const config = { Env: ['PATH=/bin'], Cmd: ['sh'] };
  return [
    { file: 'pause.tar', reference: pauseImage, files: [['pause', pause]], shell: false, config: { Entrypoint: ['/pause'] } },
    { file: 'busybox.tar', reference: 'sandbox.local/busybox:1', files: shell, shell: true, config },
    {
      file: 'etcd.tar',
      reference: 'sandbox.local/etcd:3.6.8',
      files: [...shell, ['bin/etcd', etcd], ['bin/etcdctl', etcdctl]],
      shell: true,
      config,
    },
  ];
}

export const imageFiles = (folder: string): string[] => ['pause.tar', 'busybox.tar', 'etcd.tar'].map((file) => join(folder, file));

/** Names the folder of the images by what is in them: our own programs by their builds' names, busybox by its content, and this file. */
export function imagesKey(sources: ImageSources): string {
  const hash = createHash('sha256');
  hash.update(readFileSync(import.meta.filename)).update(readFileSync(sources.busybox));
  for (const path of [sources.pause, sources.fence, sources.etcd, sources.etcdctl]) hash.update(`${path}\n`);
  return `images-${hash.digest('hex').slice(0, 16)}`;
}

/** Packs all images into `folder`, which appears complete or not at all. */
export async function buildImages(sources: ImageSources, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  rmSync(draft, { recursive: true, force: true });
  try {
    const { stdout } = await run(sources.busybox, ['--list']);
    for (const image of images(sources)) {
      mkdirSync(join(draft, 'work', 'root'), { recursive: true });
      furnish(join(draft, 'work', 'root'), image, stdout.trim().split('\n'));
      await pack(join(draft, 'work'), image, join(draft, image.file));
      rmSync(join(draft, 'work'), { recursive: true });
    }
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function furnish(root: string, { files, shell }: Image, applets: string[]): void {
  for (const [path, source] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(source, join(root, path));
  }
  if (!shell) return;
  for (const applet of applets.filter((it) => it !== 'busybox')) symlinkSync('busybox', join(root, 'bin', applet));
  for (const dir of ['etc', 'root', 'proc', 'sys', 'dev', 'var', 'data']) mkdirSync(join(root, dir));
  mkdirSync(join(root, 'tmp'), { mode: 0o1777 });
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(root, 'etc', 'group'), 'root:x:0:\n');
}

/** The archive that `docker save` writes, of one layer; the same input gives the same bytes. */
async function pack(work: string, { reference, config }: Image, target: string): Promise<void> {
  const plain = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '--mtime=@0'];
  await run('tar', [...plain, '-C', join(work, 'root'), '-cf', join(work, 'layer.tar'), '.']);
  const layer = createHash('sha256');
  await pipeline(createReadStream(join(work, 'layer.tar')), layer);
  const created = '1970-01-01T00:00:00Z';
  const description = {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    created,
    config,
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer.digest('hex')}`] },
    history: [{ created }],
  };
  writeFileSync(join(work, 'config.json'), JSON.stringify(description));
  writeFileSync(join(work, 'manifest.json'), JSON.stringify([{ Config: 'config.json', RepoTags: [reference], Layers: ['layer.tar'] }]));
  await run('tar', [...plain, '-C', work, '-cf', target, 'manifest.json', 'config.json', 'layer.tar']);
}
