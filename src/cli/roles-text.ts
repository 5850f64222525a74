import type { Roles } from '../operate/roles.ts';

/** Manifests for `kubectl apply -f -`; in YAML with what is not in them as comments. */
export async function text({ roles, besides }: Roles, format: 'json' | 'yaml'): Promise<string> {
  if (format === 'json') return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: roles }, null, 2)}\n`;
  const { stringify } = await import('yaml');
  const comments = besides.flatMap((line) => wrapped(`not in it, ${line}`)).map((line) => `# ${line}\n`);
  return `${comments.join('')}${roles.map((role) => stringify(role, { lineWidth: 0 })).join('---\n')}`;
}

function wrapped(line: string): readonly string[] {
  const lines: string[] = [''];
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length > 110) lines.push(`  ${word}`);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
