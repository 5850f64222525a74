import { ApiError, type Sent } from '../../domain/errors.ts';

/** How far an exchange had come when it broke. */
export interface Broken {
  readonly request: string;
  readonly error: NodeJS.ErrnoException;
  /** TCP and TLS were up: the request may have reached the server. */
  readonly connected: boolean;
}

/**
 * The typed error for an exchange without an answer. Before the connection stood nothing can have changed;
 * after that only the server knows, also where a connection kept alive turns out to have been closed meanwhile.
 */
export function errorFromBreakage(broken: Broken): ApiError {
  const reason = broken.error.code ?? broken.error.name;
  const sent: Sent = !broken.connected || refusedInHandshake(reason) ? 'not-sent' : 'unanswered';
  return new ApiError({
    message: broken.error.message === '' ? reason : broken.error.message,
    status: undefined,
    reason,
    sent,
    request: broken.request,
    cause: broken.error,
  });
}

/**
 * In TLS 1.3 the client has finished its half, and may have written, before the server looks at the client certificate.
 * A server that then sends one of these alerts never reads the request.
 */
function refusedInHandshake(code: string): boolean {
  return /^ERR_SSL_(?:TLS|SSL).*ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_|UNKNOWN_CA|HANDSHAKE_FAILURE|PROTOCOL_VERSION)/.test(
    code,
  );
}

/** TLS said no: a certificate that we do not trust, that names another host, or that has run out; or no common protocol. */
export function isTlsFailure(error: ApiError): boolean {
  return error.status === undefined && /^(?:ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/.test(error.reason);
}

/** A time-out of ours, either while connecting or while waiting for the answer. */
export function isTimeout(error: ApiError): boolean {
  return error.reason === 'ETIMEDOUT' || error.status === 504;
}

/** The error that a time-out of ours destroys a request with. */
export function timeoutError(ms: number): NodeJS.ErrnoException {
  return Object.assign(new Error(`no answer within ${ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`}`), { code: 'ETIMEDOUT' });
}
