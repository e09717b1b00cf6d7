import type { Handler, Reply, Seen } from './scriptedServer';

/** Who may come in, and under which names hub and lab are reached. */
export interface HubFacts {
  readonly username: string;
  readonly hubHost: () => string;
  readonly labHost: () => string;
  /** Part of every cookie, XSRF value and OAuth code, so that a test can look for them. */
  readonly mark: string;
  readonly hasSubdomains: boolean;
}

/**
 * The sign-in rules of a hub and a lab: cookies, two XSRF values that change, and the OAuth dance between them.
 *
 * Each sign-in counts up, so that a cookie or XSRF value of an earlier one can be told from the newest.
 */
export class FakeHub {
  readonly #facts: HubFacts;
  #hubSignIns = 0;
  #labSignIns = 0;
  #oldestHub = 1;
  #oldestLab = 1;

  constructor(facts: HubFacts) {
    this.#facts = facts;
  }

  get hubSignIns(): number {
    return this.#hubSignIns;
  }

  get labSignIns(): number {
    return this.#labSignIns;
  }

  /** No cookie that was handed out so far is good at the hub or the lab. */
  forgetEverybody(): void {
    this.#oldestHub = this.#hubSignIns + 1;
    this.restartLab();
  }

  /** Lab cookies that were handed out so far are of a lab that is gone. */
  restartLab(): void {
    this.#oldestLab = this.#labSignIns + 1;
  }

  /** What is answered before the asker gets to the API; undefined when they get there. */
  readonly door: Handler = (seen) => {
    if (seen.path.startsWith('/nb/hub/')) return this.#atHub(seen);
    return seen.path.startsWith(this.#labPath) ? this.#atLab(seen) : undefined;
  };

  #atHub(seen: Seen): Reply | undefined {
    const { mark, username } = this.#facts;
    const signIn = signInOf(seen, 'jupyterhub-hub-login');
    const isKnown = signIn !== undefined && signIn >= this.#oldestHub;
    if (seen.path === '/nb/hub/gafaelfawr/login') {
      const count = ++this.#hubSignIns;
      const session = this.#facts.hasSubdomains
        ? `; Domain=${this.#facts.hubHost().replace(/:\d+$/, '')}`
        : '';
      return redirect(seen.query.get('next') ?? '/nb/hub/home', [
        `jupyterhub-hub-login="2|1:0|${mark}|${count}"; Path=/nb/hub/; HttpOnly`,
        `jupyterhub-session-id=${mark}-session; Path=/nb/${session}`,
        `_xsrf=${mark}-nobody; Path=/nb/hub/`,
      ]);
    }
    if (seen.path === '/nb/hub/login')
      return redirect(`/nb/hub/gafaelfawr/login?next=${encodeURIComponent(seen.query.get('next') ?? '')}`);
    if (seen.path.startsWith('/nb/hub/api/oauth2/authorize')) {
      if (!isKnown) return toLogin(seen);
      const back = `http://${this.#facts.labHost()}/nb/user/${username}/oauth_callback?code=${mark}-code&state=x`;
      return redirect(back);
    }
    if (!seen.path.startsWith('/nb/hub/api/') && seen.method === 'GET') {
      if (!isKnown) return toLogin(seen);
      const isNavigation = seen.headers['sec-fetch-mode'] === 'navigate';
      return seen.path === '/nb/hub/home'
        ? page(isNavigation ? [`_xsrf=${mark}-hub-${signIn}; Path=/nb/hub/`] : [])
        : undefined;
    }
    if (!isKnown) return hubError(403, 'Forbidden');
    if (seen.headers['x-xsrftoken'] !== `${mark}-hub-${signIn}`)
      return hubError(403, `XSRF cookie does not match ${seen.method} argument`);
    return undefined;
  }

  #atLab(seen: Seen): Reply | undefined {
    const { mark, username } = this.#facts;
    const path = seen.path.slice(this.#labPath.length);
    if (path === 'oauth_callback') {
      const count = ++this.#labSignIns;
      return redirect(`${this.#labPath}lab`, [
        `jupyterhub-user-${username}="2|1:0|${mark}|${count}"; Path=${this.#labPath}; HttpOnly`,
        `_xsrf=${mark}-lab-${count}; Path=${this.#labPath}`,
      ]);
    }
    const signIn = signInOf(seen, `jupyterhub-user-${username}`);
    const isKnown = signIn !== undefined && signIn >= this.#oldestLab;
    if (!/^(api|rubin)\b/.test(path))
      return isKnown
        ? page([])
        : redirect(
            `http://${this.#facts.hubHost()}/nb/hub/api/oauth2/authorize?client_id=jupyterhub-user-${username}`,
          );
    // A route that is for something else than reading says so to anybody.
    if (!isKnown && path === 'api/fileid/index') return undefined;
    return isKnown && seen.headers['x-xsrftoken'] === `${mark}-lab-${signIn}`
      ? undefined
      : hubError(403, 'Forbidden');
  }

  get #labPath(): string {
    return `/nb/user/${this.#facts.username}/`;
  }
}

/** Which sign-in a cookie is from. */
function signInOf(seen: Seen, name: string): number | undefined {
  const found = new RegExp(`${name}="[^"]*\\|(\\d+)"`).exec(seen.headers.cookie ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Where a hub sends a browser that it does not know. */
function toLogin({ path, query }: Seen): Reply {
  return redirect(`/nb/hub/login?next=${encodeURIComponent(`${path}?${query.toString()}`)}`);
}

export function redirect(location: string, cookies: readonly string[] = []): Reply {
  return { status: 302, headers: { location, 'set-cookie': [...cookies] } };
}

function page(cookies: readonly string[]): Reply {
  return { headers: { 'set-cookie': [...cookies] }, body: '<html>a page</html>' };
}

export function hubError(status: number, message: string): Reply {
  return { status, json: { status, message } };
}
