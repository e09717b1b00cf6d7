/** What secret values are called in query strings, forms, cookies, headers and JSON. */
const NAMES =
  '(?:_xsrf|xsrf|x-xsrftoken|token|access_token|code|state|password|secret|jupyterhub-[a-z0-9-]+)';
const VALUE = '[^\\s"\'&;,}]';
/** Tells a value from a word of a sentence, such as "token lifetime" or "this token: it has expired". */
const NO_WORD = `(?=${VALUE}*[\\d=]|${VALUE}{16})`;

const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  // Gafaelfawr tokens and authorization codes. The key part is public, the part after the dot is the secret. Anything
  // may stand in front: in an encoded address it is the `2F` of a slash.
  [/(g[tc]-[A-Za-z0-9_-]{4,})\.[A-Za-z0-9_-]+/g, '$1.[secret]'],
  // HTTP authorization values of any scheme.
  [
    new RegExp(`\\b(bearer|token|basic)\\s+(?!\\[secret\\]|g[tc]-)${NO_WORD}[A-Za-z0-9._~+/=-]{8,}`, 'gi'),
    '$1 [secret]',
  ],
  [/\b((?:set-)?cookie)\s*:\s*[^\r\n]+/gi, '$1: [secret]'],
  [
    new RegExp(
      `(["']?\\b${NAMES}["']?\\s*(?:=\\s*|:(?=\\S)|:\\s*(?=["'])))(["']?)(?!\\[secret\\])${VALUE}+`,
      'gi',
    ),
    '$1$2[secret]',
  ],
  [new RegExp(`(["']?\\b${NAMES}["']?\\s*:\\s+)(?!\\[secret\\])${NO_WORD}${VALUE}+`, 'gi'), '$1[secret]'],
];

/**
 * The second fence around text that came from elsewhere: tokens, cookies, XSRF values and OAuth codes are blotted out.
 *
 * The first fence is {@link Secret}; text of our own never needs this one.
 */
export function redact(text: string): string {
  return REPLACEMENTS.reduce((done, [pattern, replacement]) => done.replace(pattern, replacement), text);
}
