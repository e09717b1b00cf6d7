import type { NamedServer } from '../accounts/account';
import { withoutLinks } from '../plainWords';

/** A server of somebody else, as people read it wherever servers stand side by side; for ever the same. */
export function toShared({ owner, name }: { readonly owner: string; readonly name: string }): NamedServer & {
  readonly owner: string;
} {
  return { owner, name, label: `${nameOf(name)}, shared by ${plain(owner)}` };
}

/** The same where only such servers stand: what it is called, and what is told of it beside that. */
export function sharedLabels(
  { owner, name }: { readonly owner: string; readonly name: string },
  state: string,
): { readonly label: string; readonly detail: string } {
  return { label: nameOf(name), detail: `${plain(owner)}, ${state}` };
}

/** What somebody is asked before anything of theirs goes there, and what they should know. */
export function agreementWords(
  siteName: string,
  server: { readonly owner: string; readonly name: string },
): { readonly question: string; readonly detail: string } {
  const owner = plain(server.owner);
  const what = server.name === '' ? 'default server' : `server ${plain(server.name)}`;
  return {
    question: `Use the ${what} of ${owner} on ${siteName}?`,
    detail: [
      `${owner} controls this server. Code that your notebooks run there, what it shows and what you type into it can be read and changed by ${owner}, and by everybody else whom ${owner} lets in. The files there are those of ${owner}.`,
      'Your own token is not sent there: the hub makes one that opens this server and nothing else, and ends it when you sign out.',
      'You are asked once for each server.',
    ].join('\n\n'),
  };
}

function nameOf(name: string): string {
  return plain(name) || 'Default server';
}

function plain(words: string): string {
  return withoutLinks(words).replace(/\s+/g, ' ').trim();
}
