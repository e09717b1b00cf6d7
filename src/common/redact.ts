const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  // Gafaelfawr tokens and authorization codes. The key part is public, the part after the dot is the secret.
  [/\b(g[tc]-[A-Za-z0-9_-]{4,})\.[A-Za-z0-9_-]+/g, '$1.[secret]'],
  // HTTP authorization values of any scheme.
  [/\b(bearer|token|basic)\s+(?!\[secret\]|g[tc]-)[A-Za-z0-9._~+/=-]{8,}/gi, '$1 [secret]'],
  [/\b((?:set-)?cookie)\s*:\s*[^\r\n]+/gi, '$1: [secret]'],
  // Values that travel in query strings, forms, cookies and JSON.
  [
    /(["']?\b(?:_xsrf|xsrf|x-xsrftoken|token|access_token|code|state|password|secret|jupyterhub-[a-z0-9-]+)["']?\s*[=:]\s*)(["']?)(?!\[secret\])[^\s"'&;,}]+/gi,
    '$1$2[secret]',
  ],
];

/**
 * The second fence around text that came from elsewhere: tokens, cookies, XSRF values and OAuth codes are blotted out.
 *
 * The first fence is {@link Secret}; text of our own never needs this one.
 */
export function redact(text: string): string {
  return REPLACEMENTS.reduce((done, [pattern, replacement]) => done.replace(pattern, replacement), text);
}
