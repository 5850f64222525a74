import type { View } from './style.ts';
import { inert } from './text.ts';

/** `version`: the shape of kubectl's `version -o json`. */
export interface Versions {
  readonly clientVersion: { readonly gitVersion: string; readonly nodeVersion: string; readonly platform: string };
  readonly serverVersion?: { readonly gitVersion: string; readonly platform?: string };
  /** What the server can do that matters here, by name: `pod-index label`, `whenScaled` … */
  readonly features?: Readonly<Record<string, boolean>>;
}

export function renderVersion(raw: Versions, { style }: View): string {
  const { clientVersion, serverVersion, features = {} } = inert(raw);
  return [
    `Client Version: ${clientVersion.gitVersion}`,
    style.faint(`Node: ${clientVersion.nodeVersion}, ${clientVersion.platform}`),
    ...(serverVersion === undefined ? [] : [`Server Version: ${serverVersion.gitVersion}`]),
    ...Object.entries(features).map(([name, on]) => `  ${on ? style.good('yes') : style.faint('no ')} ${name}`),
  ].join('\n');
}
