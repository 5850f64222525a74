/** What an admission policy or webhook made of a write, as the API server's answer tells it. */
export interface Admission {
  readonly kind: 'ValidatingAdmissionPolicy' | 'MutatingAdmissionPolicy' | 'webhook';
  readonly name: string;
  /** The policy's binding, where one was at work. */
  readonly binding?: string;
  /**
   * `unreachable`: a webhook that must be asked did not answer, so the server rejects the write. `no-dry-run`: a webhook with
   * side effects is never called for a dry run; what it would say is not known.
   */
  readonly verdict: 'denied' | 'unreachable' | 'no-dry-run';
  /** In its own words. */
  readonly message: string;
}

interface Form extends Pick<Admission, 'kind' | 'verdict'> {
  readonly pattern: RegExp;
}

/**
 * The sentences of Kubernetes 1.36: plugin/policy/validating/dispatcher.go, plugin/policy/generic/policy_dispatcher.go and
 * plugin/webhook/errors/statuserror.go of apiserver/pkg/admission, and util/webhook/error.go. Nothing else tells: reason and code
 * are the policy's or the webhook's own choice (422, 403, 409 and 429 are all seen), and details name the object alone [X].
 */
const FORMS: readonly Form[] = [
  {
    kind: 'ValidatingAdmissionPolicy',
    verdict: 'denied',
    pattern:
      /^(?:\S+ "[^"]*" is )?(?:forbidden: )?ValidatingAdmissionPolicy '(?<name>[^']+)'(?: with binding '(?<binding>[^']+)')? denied request: (?<message>.*)$/s,
  },
  {
    kind: 'MutatingAdmissionPolicy',
    verdict: 'denied',
    pattern: /^policy ['"](?<name>[^'"]+)['"](?: with binding '(?<binding>[^']+)')? denied request: (?<message>.*)$/s,
  },
  { kind: 'webhook', verdict: 'denied', pattern: /^admission webhook "(?<name>[^"]+)" denied the request:? (?<message>.*)$/s },
  {
    kind: 'webhook',
    verdict: 'denied',
    pattern: /^Internal error occurred: admission webhook "(?<name>[^"]+)" (?<message>attempted to modify .*)$/s,
  },
  {
    kind: 'webhook',
    verdict: 'unreachable',
    pattern: /^(?:Internal error occurred: )?failed calling webhook "(?<name>[^"]+)"[:;] (?<message>.*)$/s,
  },
  { kind: 'webhook', verdict: 'no-dry-run', pattern: /^admission webhook "(?<name>[^"]+)" (?<message>does not support dry run)$/ },
];

/** Who of admission rejected a write, by the message of the server's Status; undefined for every other failure. */
export function admissionOf(message: string): Admission | undefined {
  for (const { pattern, ...form } of FORMS) {
    const found = pattern.exec(message)?.groups;
    if (found === undefined) continue;
    const { name = '', binding, message: said = '' } = found;
    return { ...form, name, ...(binding === undefined ? {} : { binding }), message: said };
  }
  return undefined;
}

/** `ValidatingAdmissionPolicy whole-steps`, `admission webhook deny.example.com`. */
export function admissionName({ kind, name }: Admission): string {
  return `${kind === 'webhook' ? 'admission webhook' : kind} ${name}`;
}

/**
 * Whether a 403 comes from an authorizer (endpoints/handlers/responsewriters/errors.go): only then are permissions what is
 * missing. Quotas, a namespace that is being terminated and admission plugins answer with 403 as well.
 */
export function isAccessDenied(message: string): boolean {
  return /\bUser "[^"]*" cannot /.test(message);
}
