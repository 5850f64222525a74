import type { Clock } from '../../domain/clock.ts';
import type { Credentials, Identity } from '../endpoint.ts';
import { pemFrom, readText } from '../kubeconfig/files.ts';
import type { UserEntry } from '../kubeconfig/model.ts';

/** A projected service account token is replaced long before it expires; client-go looks again after a minute too. */
const TOKEN_FILE_MS = 60_000;

/** Certificate, token or password from kubeconfig and flags: nothing to run, nothing to renew but a token file. */
export function staticCredentials(user: UserEntry, clock: Clock): Credentials {
  const certificate = certificateOf(user);
  if (user.token !== '') return fixed({ ...certificate, authorization: `Bearer ${user.token}` });
  if (user.tokenFile !== '') return new TokenFile(user.tokenFile, certificate, clock);
  if (user.username === '' && user.password === '') return fixed(certificate);
  const basic = Buffer.from(`${user.username}:${user.password}`).toString('base64');
  return fixed({ ...certificate, authorization: `Basic ${basic}` });
}

/** The client certificate of a kubeconfig user, if it has one. */
export function certificateOf(user: UserEntry): Identity {
  const cert = pemFrom(user.clientCertificateData, user.clientCertificate, 'client-certificate');
  return cert === undefined ? {} : { cert, key: pemFrom(user.clientKeyData, user.clientKey, 'client-key') };
}

function fixed(identity: Identity): Credentials {
  return { identity: () => Promise.resolve(identity), renew: () => Promise.resolve(false) };
}

class TokenFile implements Credentials {
  readonly #file: string;
  readonly #certificate: Identity;
  readonly #clock: Clock;
  #current: { readonly identity: Identity; readonly at: number };

  constructor(file: string, certificate: Identity, clock: Clock) {
    this.#file = file;
    this.#certificate = certificate;
    this.#clock = clock;
    this.#current = this.#read();
  }

  identity(): Promise<Identity> {
    if (this.#clock.now() - this.#current.at > TOKEN_FILE_MS) this.#current = this.#read();
    return Promise.resolve(this.#current.identity);
  }

  renew(used: Identity): Promise<boolean> {
    this.#current = this.#read();
    return Promise.resolve(this.#current.identity.authorization !== used.authorization);
  }

  #read(): { identity: Identity; at: number } {
    const token = readText(this.#file, 'tokenFile').trim();
    return { identity: { ...this.#certificate, authorization: `Bearer ${token}` }, at: this.#clock.now() };
  }
}
