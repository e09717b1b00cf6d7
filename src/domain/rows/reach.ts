import { hasPart } from '../personality/traits';
import type { ProblemKind } from '../problems/problem';
import type { AccountFacts } from './accountRows';
import type { Known } from './row';

/** Why nothing is known of a site: nobody answered, or the one who did cannot be trusted, or it has a fault. */
export type OutOfReach = 'network' | 'certificate' | 'site';

const REASONS: { readonly [K in ProblemKind]?: OutOfReach } = {
  hostUnknown: 'network',
  hostRefuses: 'network',
  connectionCut: 'network',
  noAnswer: 'network',
  certificate: 'certificate',
  proxyUnreachable: 'network',
  proxyCertificate: 'certificate',
  proxySignIn: 'network',
  proxyRefuses: 'network',
  siteDown: 'site',
};

/** Why nothing can be shown of these accounts; undefined as long as there is anything about one of them. */
export function outOfReach(
  all: readonly Pick<AccountFacts, 'account' | 'user' | 'menu' | 'discovery' | 'lab'>[],
): OutOfReach | undefined {
  const reasons = all.map(({ account, user, menu, discovery, lab }) => {
    const asked = [
      user,
      ...(hasPart(account.site, 'images') ? [menu] : []),
      ...(hasPart(account.site, 'services') ? [discovery] : []),
    ];
    const parts = asked.map(reasonOf);
    const ofLab = lab.kind === 'unknown' && lab.problem ? REASONS[lab.problem.kind] : undefined;
    return ofLab && parts.every((reason) => reason !== undefined) ? ofLab : undefined;
  });
  return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}

function reasonOf(known: Known<unknown>): OutOfReach | undefined {
  return known.kind === 'problem' ? REASONS[known.problem.kind] : undefined;
}
