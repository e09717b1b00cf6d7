import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UserConfig } from '../config';
import type { People } from '../gafaelfawr/people';
import { COOKIE_NAME, type Sessions } from '../gafaelfawr/sessions';
import { printToken } from '../gafaelfawr/token';
import type { TokenStore } from '../gafaelfawr/tokenStore';
import { escapeHtml, sendHtml } from '../http/answers';
import { readForm } from '../http/body';
import { page } from './pages';

const DAY_S = 24 * 3600;
const LIVES: Readonly<Record<string, { readonly label: string; readonly seconds: number | undefined }>> = {
  '1d': { label: '1 day', seconds: DAY_S },
  '7d': { label: '7 days', seconds: 7 * DAY_S },
  '30d': { label: '30 days', seconds: 30 * DAY_S },
  '90d': { label: '90 days', seconds: 90 * DAY_S },
  never: { label: 'Never', seconds: undefined },
};
const DEFAULT_LIFE = '90d';
const TITLE = 'New access token';

/** What the page is made with. */
export interface TokenPageParts {
  readonly people: People;
  readonly store: TokenStore;
  readonly sessions: Sessions;
  readonly sessionLifeSeconds: number;
}

/**
 * `/settings/tokens/new`: makes a token and shows it once. The query fills the form in: `name`, `scopes` (with
 * commas) or repeated `scope`, `expiration`. Who is signed in is picked on the page itself.
 */
export class TokenPage {
  readonly #parts: TokenPageParts;

  constructor(parts: TokenPageParts) {
    this.#parts = parts;
  }

  async answer(message: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    if (message.method !== 'POST') {
      const user = this.#parts.people.find(url.searchParams.get('user') ?? '') ?? this.#parts.people.all[0];
      sendHtml(response, 200, page(TITLE, this.#form(user, url.searchParams)));
      return;
    }
    const form = await readForm(message);
    const user = this.#parts.people.find(form.get('user') ?? '');
    const name = form.get('name')?.trim() ?? '';
    const problem = this.#problem(user, name);
    if (user === undefined || problem !== undefined) {
      const note = `<p><strong>${escapeHtml(problem ?? 'Pick a user.')}</strong></p>`;
      sendHtml(response, 422, page(TITLE, note + this.#form(user, form)));
      return;
    }
    this.#create(user, name, form, response);
  }

  #create(user: UserConfig, name: string, form: URLSearchParams, response: ServerResponse): void {
    const { store, sessions, sessionLifeSeconds } = this.#parts;
    const lifeS = LIVES[form.get('expiration') ?? DEFAULT_LIFE]?.seconds;
    const record = store.add({
      username: user.username,
      tokenType: 'user',
      tokenName: name,
      scopes: wantedScopes(form).filter((scope) => user.scopes.includes(scope)),
      expiresS: lifeS === undefined ? undefined : store.nowS + lifeS,
    });
    const session = store.add({
      username: user.username,
      tokenType: 'session',
      scopes: [...user.scopes, 'user:token'],
      expiresS: store.nowS + sessionLifeSeconds,
    });
    const cookie = sessions.open(printToken(session.token));
    const token = escapeHtml(printToken(record.token));
    const content =
      `<p>Token <em>${escapeHtml(name)}</em> of ${escapeHtml(user.username)}. It is shown this once:</p>` +
      `<p><code id="token">${token}</code></p>` +
      `<p><button id="copy" onclick="navigator.clipboard.writeText(document.getElementById('token').textContent)` +
      `.then(() => { this.textContent = 'Copied'; })">Copy token</button></p>`;
    sendHtml(response, 200, page(TITLE, content), {
      'set-cookie': `${COOKIE_NAME}=${cookie}; Path=/; HttpOnly; SameSite=Lax`,
      'cache-control': 'no-store',
    });
  }

  #problem(user: UserConfig | undefined, name: string): string | undefined {
    if (user === undefined) return 'Pick a user.';
    if (name === '' || name.length > 64) return 'Give the token a name of 1 to 64 characters.';
    const isTaken = this.#parts.store
      .listOf(user.username)
      .some((record) => record.tokenName?.toLowerCase() === name.toLowerCase());
    return isTaken ? `There is a token named ${name} already.` : undefined;
  }

  #form(user: UserConfig | undefined, filled: URLSearchParams): string {
    const wanted = wantedScopes(filled);
    const users = this.#parts.people.all.map((candidate) => {
      const selected = candidate === user ? ' selected' : '';
      return `<option${selected}>${escapeHtml(candidate.username)}</option>`;
    });
    const scopes = (user?.scopes ?? []).map((scope) => {
      const checked = wanted.includes(scope) ? ' checked' : '';
      const name = escapeHtml(scope);
      return `<label><input type="checkbox" name="scope" value="${name}"${checked}> ${name}</label>`;
    });
    const life = filled.get('expiration') ?? DEFAULT_LIFE;
    const lives = Object.entries(LIVES).map(([value, { label }]) => {
      const selected = value === life ? ' selected' : '';
      return `<option value="${value}"${selected}>${label}</option>`;
    });
    const keep = new URLSearchParams(filled);
    keep.delete('user');
    return `<form method="post" action="/settings/tokens/new">
<label>Signed in as <select name="user" onchange="location.search = '${escapeHtml(keep.toString())}&amp;user=' + this.value">${users.join('')}</select></label>
<label>Name <input type="text" name="name" maxlength="64" required value="${escapeHtml(filled.get('name') ?? '')}"></label>
<fieldset><legend>Scopes</legend>${scopes.join('')}</fieldset>
<label>Expires <select name="expiration">${lives.join('')}</select></label>
<button type="submit">Create token</button></form>`;
  }
}

/** Both spellings: `scopes=a,b` and `scope=a&scope=b`. */
function wantedScopes(values: URLSearchParams): string[] {
  const listed = values.getAll('scopes').flatMap((list) => list.split(','));
  return [...listed, ...values.getAll('scope')].map((scope) => scope.trim()).filter((scope) => scope !== '');
}
