import { createSecureContext, getCACertificates, rootCertificates, type SecureContext } from 'node:tls';

/** What is wrong with a server's certificate, or with its way to speak of it. */
export type CertificateFault =
  | 'unknownIssuer'
  | 'selfSigned'
  | 'expired'
  | 'notYetValid'
  | 'wrongName'
  | 'revoked'
  | 'unusable'
  | 'noEncryption';

const FAULTS: Readonly<Record<string, CertificateFault>> = {
  UNABLE_TO_GET_ISSUER_CERT: 'unknownIssuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknownIssuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknownIssuer',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknownIssuer',
  CERT_UNTRUSTED: 'unknownIssuer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'selfSigned',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'notYetValid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrongName',
  CERT_REVOKED: 'revoked',
};

/**
 * What an error's code says about a certificate; undefined when it is about something else.
 *
 * @see X509 certificate error codes, https://nodejs.org/api/tls.html
 */
export function certificateFaultOf(code: string): CertificateFault | undefined {
  if (FAULTS[code]) return FAULTS[code];
  if (/CERT|UNABLE_TO_|INVALID_(?:CA|PURPOSE)/.test(code)) return 'unusable';
  return /^ERR_(?:TLS|SSL)|^EPROTO$/.test(code) ? 'noEncryption' : undefined;
}

/**
 * Whom to trust: Node's own authorities, those of `NODE_EXTRA_CA_CERTS` and, where `loadSystem` is given, the operating
 * system's. Slow, since there are hundreds: make it once and use it for all connections.
 */
export async function trustedAuthorities(
  loadSystem: (() => Promise<readonly string[]>) | undefined,
): Promise<SecureContext> {
  return createSecureContext({
    ca: [...new Set([...builtInCertificates(), ...((await loadSystem?.()) ?? [])])],
  });
}

/** The operating system's certificates, in PEM form. */
export function loadSystemCertificates(): Promise<readonly string[]> {
  return Promise.resolve(canAskForCertificates() ? getCACertificates('system') : []);
}

function builtInCertificates(): readonly string[] {
  if (!canAskForCertificates()) return rootCertificates;
  return [...getCACertificates('default'), ...getCACertificates('extra')];
}

/** Editors before Node 22.15 have no way to ask. */
function canAskForCertificates(): boolean {
  return typeof getCACertificates === 'function';
}
