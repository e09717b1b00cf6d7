import { webcrypto } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
// What the certificate library is built with wants this loaded before it.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

/** A certificate authority of one's own and a server certificate that it has signed. */
export interface Certificates {
  /** PEM file of the authority, for clients to trust. */
  readonly caFile: string;
  readonly key: string;
  readonly cert: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 3600 * 1000;

/** What may be wrong with a certificate besides its names. */
export type Flaw = 'expired' | 'selfSigned';

/** Makes an authority and a certificate for these names; only the authority's certificate is written to disk. */
export async function makeCertificates(
  folder: string,
  names: readonly string[],
  flaw?: Flaw,
): Promise<Certificates> {
  x509.cryptoProvider.set(webcrypto);
  const [notBefore, notAfter] = [new Date(Date.now() - DAY_MS), new Date(Date.now() + 30 * DAY_MS)];
  const authorityKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=Local Science Platform CA',
    notBefore,
    notAfter,
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const subject = `CN=${names[0] ?? 'localhost'}`;
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: Date.now().toString(16).padStart(12, '0'),
    subject,
    issuer: flaw === 'selfSigned' ? subject : authority.subject,
    notBefore,
    notAfter: flaw === 'expired' ? new Date(Date.now() - DAY_MS / 2) : notAfter,
    publicKey: keys.publicKey,
    signingKey: flaw === 'selfSigned' ? keys.privateKey : authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: 'dns' as const, value })),
        { type: 'ip', value: '127.0.0.1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(
        flaw === 'selfSigned' ? keys.publicKey : authorityKeys.publicKey,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await mkdir(folder, { recursive: true });
  const caFile = path.join(folder, 'ca.pem');
  await writeFile(caFile, `${authority.toString('pem')}\n`);
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${exported}\n-----END PRIVATE KEY-----\n`;
  return { caFile, key, cert: leaf.toString('pem') };
}
