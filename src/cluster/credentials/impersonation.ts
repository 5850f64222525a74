import type { UserEntry } from '../kubeconfig/model.ts';

/** Impersonate-* headers, as client-go transport/round_trippers.go writes them. Empty without `as`. */
export function impersonationHeaders(user: UserEntry): Record<string, string | string[]> {
  if (user.as === '') return {};
  const headers: Record<string, string | string[]> = { 'Impersonate-User': user.as };
  if (user.asUid !== '') headers['Impersonate-Uid'] = user.asUid;
  if (user.asGroups.length > 0) headers['Impersonate-Group'] = [...user.asGroups];
  for (const [key, values] of Object.entries(user.asUserExtra)) headers[`Impersonate-Extra-${escapeKey(key)}`] = [...values];
  return headers;
}

/** Characters that a header name cannot have are percent-encoded, and the percent sign itself. */
function escapeKey(key: string): string {
  return Array.from(Buffer.from(key), (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9!#$&'*+.^_`|~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
