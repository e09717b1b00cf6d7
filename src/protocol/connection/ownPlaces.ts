import { RequestFailure } from '../http/failures';
import { nameOf } from '../http/httpClient';
import type { LabAddress } from './connection';

/** The places that one person's credentials may be sent to: their hub, and the lab that they entered. */
export class OwnPlaces {
  readonly #hubUrl: URL;
  readonly #isLabHost: (host: string) => boolean;
  readonly #owner: string | undefined;
  /** The lab that was entered last. */
  lab: LabAddress | undefined;

  /**
   * @param hubUrl - base of hub and labs, ending in a slash.
   * @param isLabHost - whether a host beside the hub's own is that of the person's lab.
   * @param owner - whose labs alone the credentials are for, where the hub tells by the path whose they are.
   */
  constructor(hubUrl: URL, isLabHost: (host: string) => boolean, owner?: string) {
    this.#hubUrl = hubUrl;
    this.#isLabHost = isLabHost;
    this.#owner = owner;
  }

  isInside(url: URL): boolean {
    return (
      url.protocol === this.#hubUrl.protocol &&
      (url.host === this.#hubUrl.host || this.#isLabHost(url.host)) &&
      url.pathname.startsWith(this.#hubUrl.pathname)
    );
  }

  /** @see Connection.toLabUrl */
  toLabUrl(serverUrl: string): URL {
    const url = URL.canParse(serverUrl, this.#hubUrl.href) ? new URL(serverUrl, this.#hubUrl) : undefined;
    if (!url || !this.isInside(url) || !this.#isOfOwner(url)) {
      throw new RequestFailure('protocol', 'GET hub/api/users', { reason: 'foreignRedirect' });
    }
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    url.search = '';
    url.hash = '';
    return url;
  }

  /** The lab that a request is for; nothing is ever sent to any other place with this person's credentials. */
  labOf(request: { readonly method: string; readonly url: URL }): LabAddress {
    const { lab } = this;
    // A socket's scheme is that of the page it belongs to: `wss` where that is `https`.
    const scheme = request.url.protocol.replace(/^ws/, 'http');
    const isHost = lab !== undefined && request.url.host === lab.url.host && scheme === lab.url.protocol;
    if (!isHost || !request.url.pathname.startsWith(lab.url.pathname) || !this.#isOfOwner(lab.url)) {
      throw new RequestFailure('protocol', nameOf(request), { reason: 'foreignRedirect' });
    }
    return lab;
  }

  #isOfOwner({ pathname }: URL): boolean {
    if (this.#owner === undefined) return true;
    const [kind, owner = ''] = pathname.slice(this.#hubUrl.pathname.length).split('/');
    return kind === 'user' && tryDecode(owner) === this.#owner;
  }
}

function tryDecode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined; // nobody's name
  }
}
