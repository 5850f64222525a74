import { StoppedError } from '../../domain/errors.ts';
import { nextLook } from '../../inspect/next-look.ts';
import { chosenPeers } from '../../peers/choice.ts';
import { PEER_NEEDS } from '../../peers/evidence.ts';
import { isFound, type Peer } from '../../peers/peer.ts';
import { documentLine } from '../../render/json.ts';
import { safe } from '../../render/text.ts';
import { lookAt, type PeersLook, type ShowingPeers } from './peers-look.ts';

/** DNS has no watch: it is asked again after this, and whenever the cluster changes. The usual TTL is 5 s. */
const ASK_AGAIN_MS = 1000;
/** The same where each question is a command in a Pod that has other work. */
const RUN_AGAIN_MS = 5000;

/**
 * Waits until so many of the chosen peers can be found.
 *
 * @throws StoppedError when the time is up (exit code 4) or by a signal
 */
export async function waitForPeers(goal: number | 'all', first: PeersLook, showing: ShowingPeers): Promise<PeersLook> {
  const { session } = showing;
  const over = new AbortController();
  let last = first;
  const wanted = (): number => (goal === 'all' ? expectedIn(last, showing) : goal);
  const enough = (): boolean => foundIn(last, showing).size >= wanted();
  const limit = timeLimit(showing, over.signal, () => `${foundIn(last, showing).size} of ${wanted()} Pods can be found`);
  try {
    if (enough()) return last;
    await follow(showing, AbortSignal.any([session.interrupt.signal, limit]), (look) => {
      last = look;
      return !enough();
    });
    return last;
  } finally {
    over.abort();
  }
}

/** Tells which peers join and leave until Ctrl-C. @returns 130 after it */
export async function watchPeers(first: PeersLook, showing: ShowingPeers): Promise<number> {
  const { interrupt } = showing.session;
  let before = first;
  return await interrupt.until(() =>
    follow(showing, interrupt.signal, (look) => {
      tellChange(before, look, showing);
      // What could not be asked says nothing about who is there.
      before =
        look.report.dns.way === undefined && before.report.dns.way !== undefined
          ? { ...before, report: { ...before.report, dns: look.report.dns } }
          : look;
      return true;
    }),
  );
}

async function follow(showing: ShowingPeers, signal: AbortSignal, tell: (look: PeersLook) => boolean): Promise<void> {
  const { request, cluster, session } = showing;
  const live = await cluster.reader.live(PEER_NEEDS, { namespace: cluster.connection.namespace, name: request.name });
  live.follow();
  const pauseMs = request.via.way === 'exec' ? RUN_AGAIN_MS : ASK_AGAIN_MS;
  try {
    do await nextLook(live, pauseMs, session.clock, signal);
    while (tell(await lookAt(live.current(), showing)));
  } finally {
    live.close();
  }
}

function foundIn({ report }: PeersLook, { request: { choice } }: ShowingPeers): ReadonlyMap<string, Peer> {
  const found = chosenPeers(report, choice).filter((peer) => peer.ordinal !== undefined && isFound(peer));
  return new Map(found.map((peer) => [peer.name, peer]));
}

/** Of all that were chosen, whether they can be found or not. */
function expectedIn({ report }: PeersLook, { request: { choice } }: ShowingPeers): number {
  return chosenPeers(report, { ...choice, readyOnly: false }).filter(({ expected }) => expected).length;
}

function tellChange(before: PeersLook, now: PeersLook, showing: ShowingPeers): void {
  const {
    output,
    session: { io },
  } = showing;
  if (output.format === 'json') {
    const documentOf = ({ report }: PeersLook): string =>
      documentLine('Peers', { ...report, peers: chosenPeers(report, showing.request.choice) });
    if (documentOf(before) !== documentOf(now)) io.stdout.write(documentOf(now));
    return;
  }
  const time = new Date(now.snapshot.now).toISOString().slice(11, 19);
  for (const line of changes(before, now, showing)) io.stdout.write(`${time}  ${safe(line)}\n`);
}

function changes(before: PeersLook, now: PeersLook, showing: ShowingPeers): readonly string[] {
  const [was, is] = [before.report.dns, now.report.dns];
  if (is.way === undefined) return was.way === undefined ? [] : [`DNS does not answer: ${is.failed.join('; ')}`];
  const back = was.way === undefined ? [`DNS answers again (${is.way})`] : [];
  const [old, fresh] = [foundIn(before, showing), foundIn(now, showing)];
  const left = [...old.values()].filter(({ name }) => !fresh.has(name)).map(({ name }) => `${name} left`);
  const joined = [...fresh.values()]
    .filter(({ name }) => !old.has(name))
    .map(({ name, addresses }) => `${name} joined (${addresses.join(', ')})`);
  const changed = [...fresh.values()].flatMap((peer) => changeOf(old.get(peer.name), peer));
  return [...back, ...left, ...joined, ...changed];
}

/** Of a peer that could be found before and can be now: between two looks it may have left and come back as another Pod. */
function changeOf(before: Peer | undefined, { name, addresses, pod }: Peer): readonly string[] {
  if (before === undefined) return [];
  const [was, is] = [before.addresses.join(', '), addresses.join(', ')];
  if (before.pod?.uid !== pod?.uid) return [`${name} was replaced (${is})`];
  return was === is ? [] : [`${name} moved from ${was} to ${is}`];
}

/** A signal that is aborted when --timeout is over. */
function timeLimit({ request: { timeoutMs }, session: { clock } }: ShowingPeers, over: AbortSignal, words: () => string): AbortSignal {
  const limit = new AbortController();
  if (timeoutMs === undefined) return limit.signal;
  clock.sleep(timeoutMs, over).then(
    () => limit.abort(new StoppedError('timeout', `${words()} after ${Math.round(timeoutMs / 1000)}s`)),
    // The wait was over before its limit.
    () => undefined,
  );
  return limit.signal;
}
