import { UsageError } from '../domain/errors.ts';
import { ATTESTATIONS } from '../domain/node-signs.ts';
import { choice, text } from './flag.ts';

/** What a person vouches for, as `node fence` and `force-delete` take it. */
export interface Attested {
  readonly attest: (typeof ATTESTATIONS)[number];
  readonly evidence: string;
}

export const attestationFlags = {
  attest: choice(ATTESTATIONS, {
    dependsOn: ['evidence'],
    helpValue: 'STATE',
    description: 'What is known of the machine: powered-off, storage-fenced (it can no longer write to its volumes) or destroyed.',
    helpGroup: 'CONFIRMATION',
  }),
  evidence: text({
    dependsOn: ['attest'],
    helpValue: 'TEXT',
    description: 'How that is known; kept on the node.',
    helpGroup: 'CONFIRMATION',
  }),
};

interface AttestationFlags {
  readonly attest?: Attested['attest'] | undefined;
  readonly evidence?: string | undefined;
}

/**
 * What the flags say; undefined where they say nothing.
 * @throws UsageError for evidence that says nothing
 */
export function attestedBy({ attest, evidence }: AttestationFlags): Attested | undefined {
  if (attest === undefined || evidence === undefined) return undefined;
  if (evidence.trim() === '')
    throw new UsageError('--attest needs evidence: how is it known?', "add --evidence TEXT, such as 'BMC reports power off'");
  return { attest, evidence };
}
