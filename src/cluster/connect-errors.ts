import { ApiError, CannotError } from '../domain/errors.ts';
import type { Connection } from './api.ts';
import { isTlsFailure } from './transport/breakage.ts';

type Place = Pick<Connection, 'server' | 'context' | 'user' | 'certificate' | 'proxy' | 'transport'>;

/**
 * The sentence for an error that concerns the whole connection: no server there, no trust, no valid credentials. Such an
 * error says nothing about any object. Undefined for an error about the request.
 */
export function connectionFailure(error: unknown, place: Place): CannotError | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.status === 401) return unauthorized(error, place);
  if (isTlsFailure(error)) return tlsFailure(error, place);
  return error.status === undefined && error.sent === 'not-sent' ? unreachable(error, place) : undefined;
}

function unreachable(error: ApiError, place: Place): CannotError {
  const why: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused',
    ENOTFOUND: 'no such host',
    EAI_AGAIN: 'the name cannot be looked up now',
    ETIMEDOUT: 'the connection timed out',
    EHOSTUNREACH: 'no route to host',
    ENETUNREACH: 'network unreachable',
    ECONNRESET: 'the connection was closed before it stood',
  };
  return new CannotError(
    `cannot reach the API server ${place.server}${ofContext(place)}${through(place)}: ${why[error.reason] ?? error.message}`,
    'is this the right cluster (--context), and is it up?',
    error,
  );
}

function tlsFailure(error: ApiError, place: Place): CannotError {
  const known: Readonly<Record<string, readonly [string, string]>> = {
    ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another name', 'see --tls-server-name'],
    CERT_HAS_EXPIRED: ['its certificate has expired', "renew the server's certificate, or check this machine's clock"],
    CERT_NOT_YET_VALID: ['its certificate is not valid yet', "check this machine's clock"],
  };
  const [what, hint] = known[error.reason] ?? [
    isUnknownAuthority(error.reason) ? 'its certificate is signed by an unknown authority' : error.message,
    'see certificate-authority in the kubeconfig, or --certificate-authority',
  ];
  return new CannotError(`the API server ${place.server}${ofContext(place)} is not trusted: ${what}`, hint, error);
}

function isUnknownAuthority(reason: string): boolean {
  return (
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT'].includes(reason) ||
    reason.startsWith('UNABLE_TO_GET_ISSUER_CERT')
  );
}

function unauthorized(error: ApiError, place: Place): CannotError {
  return new CannotError(
    `the API server ${place.server}${ofContext(place)} answered 401 Unauthorized: ${whyUnauthorized(place)}`,
    'log in again, or check user, token and certificate of this context',
    error,
  );
}

function whyUnauthorized({ user, certificate, transport }: Place): string {
  const expiry = certificate === undefined ? undefined : expiryOf(certificate);
  if (expiry !== undefined && expiry.getTime() < transport.serverNow())
    return `the client certificate of "${user}" expired at ${expiry.toISOString()}`;
  return user === '' ? 'no credentials were given' : `the credentials of "${user}" have expired or are wrong`;
}

function expiryOf(certificate: string): Date | undefined {
  try {
    return new (process.getBuiltinModule('node:crypto').X509Certificate)(certificate).validToDate;
  } catch {
    // Only for a better sentence; a certificate that cannot be read gets the general one.
    return undefined;
  }
}

function through({ proxy }: Place): string {
  return proxy === undefined ? '' : ` through proxy ${proxy}`;
}

function ofContext({ context }: Place): string {
  return context === '' ? '' : ` of context ${context}`;
}
