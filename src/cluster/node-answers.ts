import { ApiError } from '../domain/errors.ts';
import type { Pod } from '../domain/kube.ts';
import type { NodeAnswer } from '../domain/node-signs.ts';
import { nodeOf, type Target } from '../domain/snapshot.ts';
import type { Connection, Transport } from './api.ts';
import { isTimeout } from './transport/breakage.ts';

/** An answer has to begin by then, milliseconds: whoever asks has a person waiting, and a node that is well answers in tens of them. */
const PATIENCE_MS = 2000;

/** Pods that are asked at most: one answer is enough. */
const MOST_PODS = 3;

/** Asks the kubelet of the target's node whether it is well, through the API server. Rejects with ApiError where that is forbidden. */
export function askKubelet({ transport }: Connection, target: Target): Promise<NodeAnswer> {
  const node = nodeOf(target) ?? '';
  return answerOf(`/api/v1/nodes/${encodeURIComponent(node)}/proxy/healthz`, `node/${node}`, transport);
}

/**
 * Asks the first port of Pods of StatefulSets among those of a node, through the API server; whatever comes back, also an error of HTTP,
 * is an answer. Rejects with ApiError where that is forbidden, or Pods may not be listed.
 */
export async function askPods({ transport }: Connection, onNode: Promise<readonly Pod[]>): Promise<readonly NodeAnswer[]> {
  const asked = (await onNode).flatMap((pod) => {
    const port = pod.spec.containers.flatMap(({ ports = [] }) => ports).find(({ protocol = 'TCP' }) => protocol === 'TCP');
    const isOfSet = pod.metadata.ownerReferences?.some(({ kind, controller }) => kind === 'StatefulSet' && controller === true);
    return isOfSet !== true || port === undefined ? [] : [{ pod, port: port.containerPort }];
  });
  return await Promise.all(
    asked.slice(0, MOST_PODS).map(({ pod: { metadata }, port }) => {
      const path = `/api/v1/namespaces/${encodeURIComponent(metadata.namespace ?? '')}/pods/${encodeURIComponent(metadata.name)}:${port}/proxy/`;
      return answerOf(path, `pod/${metadata.name}`, transport);
    }),
  );
}

async function answerOf(path: string, object: string, transport: Transport): Promise<NodeAnswer> {
  const begun = new AbortController();
  try {
    // What it answers is of no interest, and may never end. A GET of `request` would be tried again.
    await transport.stream({ method: 'GET', path, timeoutMs: PATIENCE_MS, signal: begun.signal }, ignore, () => begun.abort());
    return { object, heard: 'answer', words: 'answers' };
  } catch (error) {
    if (begun.signal.aborted) return { object, heard: 'answer', words: 'answers' };
    if (!(error instanceof ApiError) || isOfServer(error)) throw error;
    return { object, ...heardIn(error) };
  }
}

function ignore(): void {
  // A body is not read.
}

/** The API server itself says no, or is not there. */
function isOfServer(error: ApiError): boolean {
  if (error.status === undefined) return !isTimeout(error);
  return error.status === 401 || (error.status === 403 && /cannot \w+ resource "\w+\/proxy"/.test(error.message));
}

/** What is no Status of the API server comes from who was asked (cluster/transport/status.ts, bareMessage). */
const PASSED_ON = 'the server answered';

/** Texts of Go's net/http about a peer that is there, and does not speak HTTP, or not with us. */
const SPEAKS = /malformed HTTP|server gave HTTP response|tls: |x509: |connection reset by peer|: EOF$|unexpected EOF/;

/** How the API server tells of a connection that it could not make (apimachinery/pkg/util/proxy, ErrorResponder). */
function heardIn({ status, message }: ApiError): Pick<NodeAnswer, 'heard' | 'words'> {
  if (status === undefined) return { heard: 'silence', words: `no answer within ${PATIENCE_MS / 1000}s` };
  if (message.startsWith(PASSED_ON)) return { heard: 'answer', words: `answers (HTTP ${status})` };
  const words = message.replace(/^error trying to reach service: /, '');
  if (SPEAKS.test(message)) return { heard: 'answer', words: `answers, not with HTTP (${words})` };
  return { heard: /connection refused/.test(message) ? 'refusal' : 'silence', words };
}
