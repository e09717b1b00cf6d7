import type { NamedServer } from '../accounts/account';
import { withoutLinks } from '../plainWords';

/** A server of somebody else, as people read it wherever servers stand side by side; for ever the same. */
export function toShared({ owner, name }: { readonly owner: string; readonly name: string }): NamedServer & {
  readonly owner: string;
} {
  const plain = (words: string): string => withoutLinks(words).replace(/\s+/g, ' ').trim();
  return { owner, name, label: `${plain(name) || 'Default server'}, shared by ${plain(owner)}` };
}

/** What somebody should know before anything of theirs goes there. */
export function agreementWords(siteName: string, { owner }: { readonly owner: string }): string {
  return [
    `${owner} controls this server on ${siteName}. Code that your notebooks run there, what it shows and what you type into it can be read and changed by ${owner}, and by everybody else whom ${owner} lets in; files are ${owner}’s, too.`,
    'Your own token is not sent there: the hub makes one that opens this server and nothing else, and ends it when you sign out.',
    'You are asked once for each server.',
  ].join('\n\n');
}
