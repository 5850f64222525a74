import type { FoundRecord, Phase } from '../domain/stored.ts';
import { clientOf, lastSign } from '../record/takeover.ts';

/** An open operation of this program on a StatefulSet. */
export interface OpenOperation {
  readonly operation: string;
  readonly phase: Phase;
  /** user@host. */
  readonly startedBy: string;
  /** RFC 3339, server's clock. */
  readonly since: string;
  readonly heartbeat: string;
  readonly currentStep: string;
  readonly reason?: string;
}

/** What its record says of it. */
export function openOperation(found: Extract<FoundRecord, { state: 'valid' }>): OpenOperation {
  const { kind, phase, holder, cursor, reason } = found.record;
  return {
    operation: kind,
    phase,
    startedBy: clientOf(holder),
    since: holder.since,
    heartbeat: new Date(lastSign(found)).toISOString(),
    currentStep: cursor,
    ...(reason === undefined ? {} : { reason }),
  };
}
