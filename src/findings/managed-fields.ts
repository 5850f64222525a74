import type { Json, ManagedFieldsEntry } from '../domain/kube.ts';

/** Which of the fields that matter this entry holds. Entries of the status subresource hold none of them. */
export function fieldsOf({ fieldsV1 }: ManagedFieldsEntry): readonly string[] {
  const spec = child(fieldsV1, 'f:spec');
  const partition = child(child(child(spec, 'f:updateStrategy'), 'f:rollingUpdate'), 'f:partition');
  return [
    ...(child(spec, 'f:replicas') === undefined ? [] : ['spec.replicas']),
    ...(child(spec, 'f:template') === undefined ? [] : ['spec.template']),
    ...(partition === undefined ? [] : ['spec.updateStrategy.rollingUpdate.partition']),
  ];
}

function child(json: Json | undefined, key: string): Json | undefined {
  if (json === undefined || json === null || typeof json !== 'object' || Array.isArray(json)) return undefined;
  return (json as { readonly [key: string]: Json })[key];
}
