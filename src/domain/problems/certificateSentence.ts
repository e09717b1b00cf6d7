import type { CertificateFault } from '../../protocol/http/certificates';

const CLOCK = 'Check the date of this computer; if it is right, tell those who run that server.';
const INSTALL =
  'Ask your administrator for the authority to install in the operating system, or to name in NODE_EXTRA_CA_CERTS.';
const BETWEEN =
  'Check the address; something on your network may be in between, a sign-in page for instance.';

const WORDS: Readonly<Record<CertificateFault, readonly [what: string, next: string]>> = {
  unknownIssuer: ['comes from an authority that this computer does not trust', INSTALL],
  selfSigned: ['is signed by itself, nobody vouches for it', INSTALL],
  expired: ['has expired', CLOCK],
  notYetValid: ['is not valid yet', CLOCK],
  wrongName: ['is made out to another name', BETWEEN],
  revoked: ['was revoked by its authority', CLOCK],
  unusable: ['is not trusted on this computer', INSTALL],
  noEncryption: ['was not shown, the answer was not encrypted', BETWEEN],
};

/** What is wrong with somebody's certificate, and what to do about it. There is no way to go on regardless. */
export function certificateSentence(owner: string, fault: CertificateFault): string {
  const [what, next] = WORDS[fault];
  return `The certificate of ${owner} ${what}. Nothing was sent. ${next}`;
}
