/** A DNS server that is asked by TCP. */
export interface DnsServer {
  readonly host: string;
  readonly port: number;
}

/** How one is typed, for errors and help. */
export const DNS_SERVER_FORMS = 'HOST, HOST:PORT or [IPV6]:PORT';

const DNS_PORT = 53;
const TYPED = /^(?:\[([^\]]+)\]|([^:]+|[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*))(?::(\d{1,5}))?$/i;

/** A DNS server as it is typed; port 53 where none is. @returns undefined for what is none */
export function parseDnsServer(text: string): DnsServer | undefined {
  const [, bracketed, host = bracketed, port = String(DNS_PORT)] = TYPED.exec(text) ?? [];
  const number = Number(port);
  return host === undefined || number < 1 || number > 65_535 ? undefined : { host, port: number };
}
