import { CannotError, UsageError } from '../../domain/errors.ts';
import type { StatefulSet } from '../../domain/kube.ts';
import { parseQuantity } from '../../domain/quantity.ts';

/** What the PVCs of one template are to have. */
export interface Size {
  readonly template: string;
  /** As it was typed: `20Gi`. */
  readonly size: string;
}

/**
 * `data=20Gi`.
 * @throws UsageError for another form, for what is no quantity, and for a template that is named twice
 */
export function parseSizes(all: readonly string[]): readonly Size[] {
  const sizes = all.map(parseSize);
  const twice = sizes.find(({ template }, index) => sizes.findIndex((other) => other.template === template) !== index);
  if (twice !== undefined) throw new UsageError(`the size of ${twice.template} is given twice`);
  return sizes;
}

function parseSize(text: string): Size {
  const [template = '', size, ...more] = text.split('=');
  if (template === '' || size === undefined || size === '' || more.length > 0)
    throw new UsageError(`"${text}" is not TEMPLATE=SIZE`, 'write the name of a volumeClaimTemplate and a size, such as data=20Gi');
  const quantity = parseQuantity(size);
  if (quantity === undefined || quantity <= 0n)
    throw new UsageError(`"${size}" is not a size`, 'write a quantity as kubectl takes it: 20Gi, 500Mi, 1Ti');
  return { template, size };
}

/** @throws CannotError where the set has no such template, and see parseSizes */
export function sizesIn(all: readonly string[], { metadata: { name }, spec: { volumeClaimTemplates = [] } }: StatefulSet): readonly Size[] {
  const sizes = parseSizes(all);
  const known = volumeClaimTemplates.map(({ metadata }) => metadata.name);
  const unknown = sizes.find(({ template }) => !known.includes(template));
  if (unknown === undefined) return sizes;
  const hint = known.length === 0 ? 'it has none' : `its templates: ${known.join(', ')}`;
  throw new CannotError(`StatefulSet ${name} has no volumeClaimTemplate ${unknown.template}`, hint);
}
