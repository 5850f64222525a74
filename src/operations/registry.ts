import type { OperationName } from '../domain/stored.ts';
import type { CancelOptions } from './cancel/common.ts';
import { cancel } from './cancel/operation.ts';
import { deleteOperation } from './delete/operation.ts';
import type { DeleteOptions } from './delete/options.ts';
import type { Operation } from './operation.ts';
import { restore } from './restore/operation.ts';
import type { RestoreOptions } from './restore/options.ts';
import { scale } from './scale/operation.ts';
import type { ScaleOptions } from './scale/options.ts';

export interface OptionsOf {
  readonly scale: ScaleOptions;
  readonly delete: DeleteOptions;
  readonly restore: RestoreOptions;
  readonly cancel: CancelOptions;
}

/** Every operation that changes something: the one list. */
export const operations: { readonly [K in OperationName]: Operation<OptionsOf[K]> } = { scale, delete: deleteOperation, restore, cancel };
