import { admissionOf } from '../../domain/admission.ts';
import { ApiError, type Sent } from '../../domain/errors.ts';

/** An answer that is not 2xx, as it came. */
export interface Refused {
  readonly request: string;
  readonly status: number;
  readonly statusText: string;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

interface StatusBody {
  readonly message?: string;
  readonly reason?: string;
  readonly details?: Readonly<Record<string, unknown>> & { readonly retryAfterSeconds?: number };
}

/**
 * The typed error for an answer that is not 2xx. The API server sends a Status object; what stands in front of it
 * (load balancers, proxies) sends text or HTML, of which the beginning is kept.
 */
export function errorFromAnswer(answer: Refused): ApiError {
  const body = parseStatus(answer.body);
  const message = body?.message ?? bareMessage(answer);
  const admission = admissionOf(message);
  return new ApiError({
    message,
    status: answer.status,
    reason: body?.reason ?? answer.statusText.replaceAll(' ', ''),
    // Admission comes before the write to the storage, so also a webhook that cannot be called (500) leaves nothing behind.
    sent: admission === undefined ? sentByStatus(answer.status) : 'rejected',
    request: answer.request,
    details: body?.details,
    retryAfterSeconds: retryAfterSeconds(answer.retryAfter) ?? body?.details?.retryAfterSeconds,
    admission,
  });
}

/** 4xx says that the server did not do it. 408 comes from something in between that saw only a part: nobody knows. */
export function sentByStatus(status: number): Sent {
  return status >= 300 && status < 500 && status !== 408 ? 'rejected' : 'unanswered';
}

/** Seconds of a Retry-After header; the form with a date is not used by API servers. */
export function retryAfterSeconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

function parseStatus(text: string): StatusBody | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const body = JSON.parse(text) as StatusBody & { readonly kind?: string };
    return body.kind === 'Status' ? body : undefined;
  } catch {
    // Not JSON after all: the caller falls back to the status line.
    return undefined;
  }
}

function bareMessage(answer: Refused): string {
  const start = answer.body.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
  const line = `the server answered ${answer.status} ${answer.statusText}`.trim();
  return start === '' || start.startsWith('<') ? line : `${line}: ${start}`;
}
