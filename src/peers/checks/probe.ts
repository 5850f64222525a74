import { seen, subjectOf } from '../../findings/draft.ts';
import { type PeerCheck, warning } from './check.ts';

/** A Pod that was asked by --probe and did not answer as it should. */
export const peerProbeFailed: PeerCheck = {
  id: 'peer-probe-failed',
  run: ({ evidence: { set }, peers }) =>
    peers.flatMap(({ name, probe }) =>
      probe === undefined || probe.ok
        ? []
        : [
            warning({
              subject: { ...subjectOf('pod', set), name },
              message: `Pod ${name} does not answer the probe: ${probe.answer}`,
              evidence: [seen(`pod/${name}`, 'probe', probe.answer)],
              remedies: [],
            }),
          ],
    ),
};
