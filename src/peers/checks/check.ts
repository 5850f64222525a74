import type { Draft } from '../../findings/check.ts';
import type { PeerEvidence } from '../evidence.ts';
import type { Peer } from '../peer.ts';

/** What a check looks at. */
export interface Seen {
  readonly evidence: PeerEvidence;
  readonly peers: readonly Peer[];
}

/** A finding before its id: `warns` is a difference that keeps peers apart or misleads them, `notes` what follows from a choice. */
export interface PeerDraft extends Draft {
  readonly severity: 'warns' | 'notes';
}

/** One pure check of peers; its id has an entry in the catalogue. */
export interface PeerCheck {
  readonly id: string;
  run(seen: Seen): readonly PeerDraft[];
}

export function warning(draft: Omit<Draft, 'grade'> & Partial<Pick<Draft, 'grade'>>): PeerDraft {
  return { grade: 'proven', ...draft, severity: 'warns' };
}

export function note(draft: Omit<Draft, 'grade'>): PeerDraft {
  return { grade: 'proven', ...draft, severity: 'notes' };
}
