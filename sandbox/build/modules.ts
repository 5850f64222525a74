import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One Go module under sandbox/go and the binaries that it gives. */
export interface GoModule {
  name: string;
  dir: string;
  /** What `go build` is given: several packages make several binaries, named after their folders or module. */
  packages: string[];
  binaries: string[];
  flags: string[];
  /** True if it needs a C compiler. */
  cgo?: boolean;
}

export const goRoot = join(import.meta.dirname, '..', 'go');
export const defaultMinor = '1.36';

export const plainFlags = ['-trimpath', '-buildvcs=false', '-ldflags', '-s -w'];

/** The minors that have a folder: `go/kube-1.36` is 1.36. */
export function minors(): string[] {
  return readdirSync(goRoot)
    .filter((entry) => entry.startsWith('kube-') && existsSync(join(goRoot, entry, 'go.mod')))
    .map((entry) => entry.slice('kube-'.length));
}

/** The modules that a sandbox of this minor runs. `version` is the full one, for what the binaries say of themselves. */
export function modulesFor(minor: string, version: string): GoModule[] {
  return [
    {
      name: `kube-${minor}`,
      dir: join(goRoot, `kube-${minor}`),
      packages: ['.', './kubectl'],
      binaries: ['kube', 'kubectl'],
      flags: kubeFlags(version),
    },
    { name: 'kwok', dir: join(goRoot, 'kwok'), packages: ['.'], binaries: ['kwok'], flags: plainFlags },
    { name: 'provisioner', dir: join(goRoot, 'provisioner'), packages: ['.'], binaries: ['provisioner'], flags: plainFlags },
    { name: 'pki', dir: join(goRoot, 'pki'), packages: ['.'], binaries: ['pki'], flags: plainFlags },
  ];
}

/** kubectl and clients that depend on the server's version look at what the linker writes here. */
export function kubeFlags(version: string): string[] {
  const [major, minor] = version.split('.');
  const variable = 'k8s.io/component-base/version';
  const set = [`-X ${variable}.gitVersion=v${version}`, `-X ${variable}.gitMajor=${major}`, `-X ${variable}.gitMinor=${minor}`];
  return ['-trimpath', '-buildvcs=false', '-ldflags', ['-s -w', ...set].join(' ')];
}
