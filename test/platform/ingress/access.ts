import type { Handler } from '../http/answers';

/** A route that Gafaelfawr guards. */
export interface Guarded {
  readonly kind: 'guarded';
  /** All of these are needed. */
  readonly scopes: readonly string[];
  /** Refusals for want of a (good) token become a redirect to the login page. */
  readonly loginRedirect: boolean;
  /** The service gets a token for a notebook, a child of the caller's. */
  readonly delegatesNotebook: boolean;
  /** What must be left of the token's life; five minutes where a token is delegated. */
  readonly minimumLifeS?: number;
  /** Only for the user whose name is the first label of the host. */
  readonly userDomain: boolean;
  /** Verdicts are remembered for some minutes. */
  readonly cached: boolean;
  /** The name that quotas have for the service. */
  readonly service?: string;
}

/** How a route is reached. `own`: the service authenticates by itself and gets the request as it came. */
export type Access = Guarded | { readonly kind: 'anonymous' } | { readonly kind: 'own' };

export interface Route {
  readonly name: string;
  readonly access: Access;
  /** `hub`: handed on to the hub's proxy. */
  readonly handler: Handler | 'hub';
}
