import { UsageError } from '../domain/errors.ts';
import { ATTESTATIONS } from '../domain/node-signs.ts';
import { table } from './flags.ts';

/** What a person vouches for, as `node fence` and `force-delete` take it. */
export interface Attested {
  readonly attest: (typeof ATTESTATIONS)[number];
  readonly evidence: string;
}

export const attestationFlags = table({
  attest: {
    kind: 'string',
    value: 'STATE',
    oneOf: ATTESTATIONS,
    help: 'What is known of the machine: powered-off, storage-fenced (it can no longer write to its volumes) or destroyed.',
    group: 'CONFIRMATION',
  },
  evidence: { kind: 'string', value: 'TEXT', help: 'How that is known; kept on the node.', group: 'CONFIRMATION' },
});

interface AttestationFlags {
  readonly attest?: Attested['attest'];
  readonly evidence?: string;
}

/**
 * What the flags say; undefined where they say nothing.
 * @throws UsageError for one without the other
 */
export function attestedBy({ attest, evidence }: AttestationFlags): Attested | undefined {
  if (attest === undefined && evidence === undefined) return undefined;
  if (attest === undefined) throw new UsageError('--evidence is of what is attested', `add --attest ${ATTESTATIONS.join('|')}`);
  if (evidence === undefined || evidence.trim() === '')
    throw new UsageError('--attest needs evidence: how is it known?', "add --evidence TEXT, such as 'BMC reports power off'");
  return { attest, evidence };
}
