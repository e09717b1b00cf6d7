import type { RunningSession } from '../../protocol/jupyter/sessions';
import { tagOf } from '../lab/labMenu';
import type { LabState } from '../lab/labState';
import { traitsOf } from '../personality/traits';
import { tokenTitle, type Account } from './account';
import { missingFor } from './scopes';
import { describeDuration } from './tokenLife';

/** Something that may be done together with signing out. */
export interface SignOutExtra {
  readonly does: 'stopLab' | 'revoke' | 'openTokenPage';
  /** A button that does it. */
  readonly button: string;
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** A lab of somebody who signs out, and who works in it. */
export interface LeftLab {
  /** As it stands for this lab. */
  readonly account: Account;
  readonly lab: LabState;
  readonly sessions: readonly RunningSession[] | undefined;
}

/** What is known at the moment of signing out; the lab is that of the default server. */
export interface SignOutFacts extends LeftLab {
  /** The labs of the account's other servers that run or start. */
  readonly others?: readonly LeftLab[];
  /** Whether a running lab lives on a child of this token; undefined when the site does not tell. */
  readonly isLabsParent: boolean | undefined;
}

/** What signing out does and what it leaves, a sentence each. */
export function signOutSentences(facts: SignOutFacts, nowMs: number): readonly string[] {
  return [
    removalSentence(facts.account),
    `Notebooks lose their connection to the ${nounOf(facts)}; they find it again after the next sign-in.`,
    ...whatIsLeft(facts, nowMs),
  ];
}

/** What a sign-out does not touch. */
export function whatIsLeft(facts: SignOutFacts, nowMs: number): readonly string[] {
  const goesOn = ({ account: { server }, lab, sessions }: LeftLab): string => {
    const busy = namesOf(sessions);
    const holds = busy ? `, with the kernels of ${busy}` : '';
    const which = server ? `server ${server.label}` : nounOf(facts);
    return `Your ${which}${inBrackets(describeLab(lab))} goes on${holds}.`;
  };
  return [...labsOf(facts).map(goesOn), tokenIsLeft(facts.account, nowMs)];
}

function nounOf({ account: { site } }: LeftLab): string {
  return traitsOf(site).labNoun;
}

/** The labs that go on unless they are stopped. */
function labsOf(facts: SignOutFacts): readonly LeftLab[] {
  return [facts, ...(facts.others ?? [])].filter(({ lab }) => hasLab(lab));
}

export function tokenIsLeft(account: Account, nowMs: number): string {
  return `At ${account.site.name} the token ${lifeLeft(account, nowMs)}.`;
}

/** What else there is to do; each is done only when it is chosen. */
export function signOutExtras(facts: SignOutFacts): SignOutExtra[] {
  const { account, isLabsParent } = facts;
  const labs = labsOf(facts);
  const busy = labs
    .map(({ sessions }) => namesOf(sessions))
    .filter(Boolean)
    .join(', ');
  const isOne = labs.length === 1;
  const { labNoun, labLabel, labLivesOnToken } = traitsOf(account.site);
  const stop: SignOutExtra = {
    does: 'stopLab',
    button: isOne ? `Stop ${labLabel}` : 'Stop Servers',
    label: isOne ? `Stop the ${labNoun}` : `Stop your ${labs.length} servers`,
    description: labs
      .map(({ account: { server }, lab }) => (isOne ? describeLab(lab) : (server?.label ?? 'default')))
      .join(', '),
    detail: `Stopping ${isOne ? 'it' : 'them'} loses the variables of ${busy || `${isOne ? 'its' : 'their'} kernels`}; files are kept.`,
  };
  const lacking = missingFor('tokens', account);
  const isNamed = traitsOf(account.site).isKeyOfSite(account.tokenKey);
  const mayRevoke = lacking.length === 0 && isNamed;
  const revoke: SignOutExtra = mayRevoke
    ? {
        does: 'revoke',
        button: 'Revoke Token',
        label: 'Revoke the token at the site',
        description: tokenTitle(account),
        detail:
          isLabsParent === false || !labLivesOnToken
            ? 'Revoked, the token ends everywhere it is used.'
            : `Revoked, the token ends everywhere it is used, and ${isLabsParent === true ? 'your lab' : 'a lab'} that was started with it loses its access to data.`,
      }
    : {
        does: 'openTokenPage',
        button: 'Open Token Page',
        label: 'Open the token page of the site',
        description: tokenTitle(account),
        detail: `It cannot be revoked from here, as ${isNamed ? `it lacks ${lacking.join(', ')}` : 'the site does not tell which of your tokens it is'}; you can delete it on the token page.`,
      };
  return [...(labs.length > 0 ? [stop] : []), ...(mayRevoke || account.site.tokensUrl ? [revoke] : [])];
}

export function hasLab(lab: LabState): boolean {
  return lab.kind === 'running' || lab.kind === 'starting';
}

/** Image and size, as far as they are known. */
function describeLab(lab: LabState): string {
  if (lab.kind === 'starting') return 'starting';
  if (lab.kind !== 'running') return '';
  const { imageReference, size } = lab.details ?? {};
  return [imageReference === undefined ? undefined : tagOf(imageReference), size].filter(Boolean).join(', ');
}

function namesOf(sessions: readonly RunningSession[] | undefined): string {
  return (sessions ?? []).map(({ name }) => name).join(', ');
}

function removalSentence({ origin }: Account): string {
  switch (origin.kind) {
    case 'stored':
      return 'The token is removed from this computer.';
    case 'environment':
      return `The token stays in the environment variable ${origin.variable}; VS Code sets it aside until another takes its place.`;
    case 'file':
      return `The token stays in the file ${origin.path}; VS Code sets it aside until another takes its place.`;
  }
}

function lifeLeft({ tokenExpires, isRefused, isTokenEndUnknown }: Account, nowMs: number): string {
  if (isRefused) return 'is not valid any more';
  if (isTokenEndUnknown) return 'stays valid until it ends or is revoked';
  if (!tokenExpires) return 'stays valid until it is revoked';
  const leftMs = tokenExpires.getTime() - nowMs;
  return leftMs <= 0 ? 'has expired' : `stays valid for ${describeDuration(leftMs)} unless it is revoked`;
}

function inBrackets(text: string): string {
  return text ? ` (${text})` : '';
}
