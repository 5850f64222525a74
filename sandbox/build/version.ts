import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goRoot, minors } from './modules.ts';

/** The full version of a minor, from its go.mod's `k8s.io/kubernetes v1.36.3`. */
export function fullVersion(minor: string, root = goRoot): string {
  let text: string;
  try {
    text = readFileSync(join(root, `kube-${minor}`, 'go.mod'), 'utf8');
  } catch {
    throw new Error(`There is no Kubernetes ${minor} in the sandbox: it has ${minors().join(', ')}.`);
  }
  const found = /k8s\.io\/kubernetes v(\d+\.\d+\.\d+)/.exec(text)?.[1];
  if (!found) throw new Error(`go/kube-${minor}/go.mod does not require k8s.io/kubernetes.`);
  return found;
}
