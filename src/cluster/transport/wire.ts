import type { ApiRequest } from '../api.ts';
import type { Endpoint, Identity } from '../endpoint.ts';

const USER_AGENT = `kubectl-sts-safe (${process.platform}/${process.arch})`;

/** What stands behind the `?`: a list is one parameter for each, and undefined is left out. */
type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The absolute address of a request. */
export function urlOf(server: string, request: { readonly path: string; readonly query?: Query | undefined }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {}))
    for (const one of value === undefined ? [] : [value].flat()) query.append(name, one);
  const text = query.toString();
  return text === '' ? `${server}${request.path}` : `${server}${request.path}?${text}`;
}

/** Headers of a request. A DELETE's body needs its Content-Length: without it Node sends none and the server ignores the body. */
export function headersOf(
  request: Pick<ApiRequest, 'method' | 'contentType' | 'metadataOnly' | 'asTable' | 'aggregated'>,
  body: string | undefined,
  endpoint: Pick<Endpoint, 'impersonation' | 'compression'>,
  identity: Identity,
  streaming: boolean,
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { accept: acceptOf(request), 'user-agent': USER_AGENT, ...endpoint.impersonation };
  if (request.method === 'GET' && endpoint.compression && !streaming) headers['accept-encoding'] = 'gzip';
  if (body !== undefined) headers['content-type'] = request.contentType ?? 'application/json';
  if (request.method !== 'GET') headers['content-length'] = String(Buffer.byteLength(body ?? ''));
  if (identity.authorization !== undefined) headers['authorization'] = identity.authorization;
  return headers;
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

function acceptOf({ metadataOnly, asTable, aggregated }: Pick<ApiRequest, 'metadataOnly' | 'asTable' | 'aggregated'>): string {
  if (aggregated === true) return AGGREGATED;
  if (asTable === true) return 'application/json;as=Table;g=meta.k8s.io;v=v1';
  return metadataOnly === true ? 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' : 'application/json';
}

/** A body as sent; strings are taken as they are. */
export function bodyText(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : goJson(body);
}

/**
 * JSON as Go writes it (encoding/json, HTMLEscape): the API server's JSON patch compares a string of a `test` with what is stored byte
 * by byte, both as JSON text, so that an unescaped `&` never equals its own [X].
 */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
