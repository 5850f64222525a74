import type { Roles } from '../operate/roles.ts';
import { hanging } from '../render/text.ts';

/** Manifests for `kubectl apply -f -`; in YAML with what is not in them as comments. */
export async function text({ roles, besides }: Roles, format: 'json' | 'yaml'): Promise<string> {
  if (format === 'json') return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: roles }, null, 2)}\n`;
  const { stringify } = await import('yaml');
  const comments = besides.flatMap((line) => hanging(`not in it, ${line}`, 112, '', '  ')).map((line) => `# ${line}\n`);
  return `${comments.join('')}${roles.map((role) => stringify(role, { lineWidth: 0 })).join('---\n')}`;
}
