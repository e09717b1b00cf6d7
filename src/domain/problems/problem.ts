import type { CertificateFault } from '../../protocol/http/certificates';

/** What a person has to know of a kernel; undefined where nobody knows it. */
interface KernelFacts {
  readonly siteName: string;
  /** The name of its notebook. */
  readonly notebook: string | undefined;
  /** Where the notebook lies, if it is open here. */
  readonly notebookUri: string | undefined;
  /** What the lab may use. */
  readonly memoryGib: number | undefined;
}

type SharedTrouble =
  | 'sharedKeyForbidden'
  | 'sharedKeyRefused'
  | 'sharedNotAgreed'
  | 'sharedStopped'
  | 'sharedWithdrawn'
  | 'sharedReplaced'
  | 'sharedAway'
  | 'sharedNotYours';

/** What may go wrong, told apart by what a person can do about it. */
export type Problem =
  | { readonly kind: 'siteAddress' }
  | { readonly kind: 'siteInsecure'; readonly host: string }
  | { readonly kind: 'noSite'; readonly host: string }
  | { readonly kind: 'loneServer'; readonly host: string }
  | { readonly kind: 'noNotebooks'; readonly siteName: string }
  | { readonly kind: 'noPortal'; readonly siteName: string }
  | { readonly kind: 'foreignServices'; readonly siteName: string }
  | { readonly kind: 'hostUnknown'; readonly host: string }
  | { readonly kind: 'hostRefuses'; readonly host: string }
  | { readonly kind: 'certificate'; readonly host: string; readonly fault: CertificateFault }
  /** `proxy` is its `host:port`. */
  | { readonly kind: 'proxyUnreachable'; readonly proxy: string; readonly host: string }
  | { readonly kind: 'proxyCertificate'; readonly proxy: string; readonly fault: CertificateFault }
  | { readonly kind: 'proxySignIn'; readonly proxy: string }
  | {
      readonly kind: 'proxyRefuses';
      readonly proxy: string;
      readonly host: string;
      readonly status: number | undefined;
    }
  | { readonly kind: 'connectionCut'; readonly host: string }
  | { readonly kind: 'noAnswer'; readonly host: string }
  | { readonly kind: 'siteDown'; readonly host: string; readonly status: number | undefined }
  | { readonly kind: 'busy'; readonly host: string; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'notJson'; readonly host: string }
  | { readonly kind: 'brokenJson'; readonly host: string }
  | { readonly kind: 'strangeAnswer'; readonly host: string }
  | { readonly kind: 'strangeRedirect'; readonly host: string }
  | { readonly kind: 'tokenShape' }
  | { readonly kind: 'hubTokenShape' }
  | { readonly kind: 'tokenUnknown'; readonly siteName: string }
  | { readonly kind: 'tokenExpired'; readonly siteName: string; readonly expires: Date }
  | { readonly kind: 'tokenOfOtherSite'; readonly siteName: string; readonly otherSiteName: string }
  /** `left` and `wanted` are lengths of time in words, where they are known. */
  | {
      readonly kind: 'tokenTooShort';
      readonly siteName: string;
      readonly left: string | undefined;
      readonly wanted: string | undefined;
    }
  | { readonly kind: 'tokenNotYetKnown'; readonly siteName: string }
  | { readonly kind: 'scopeMissing'; readonly siteName: string; readonly scopes: readonly string[] }
  | { readonly kind: 'tokenGiven'; readonly siteName: string; readonly place: string }
  | { readonly kind: 'tokenLifeRefused'; readonly siteName: string }
  | { readonly kind: 'scopesNotGranted'; readonly siteName: string; readonly scopes: readonly string[] }
  | { readonly kind: 'successorUnfit'; readonly siteName: string }
  | { readonly kind: 'wrongUser'; readonly host: string }
  | { readonly kind: 'signInNotKept'; readonly host: string }
  | { readonly kind: 'refused'; readonly host: string; readonly status: number | undefined }
  | { readonly kind: 'notSignedIn' }
  | { readonly kind: 'tokenFileMissing'; readonly path: string }
  | { readonly kind: 'tokenFileEmpty'; readonly path: string }
  | { readonly kind: 'tokenFileUnreadable'; readonly path: string }
  | { readonly kind: 'tokenNowhere'; readonly siteAddress: string }
  | { readonly kind: 'tokenSiteUnnamed'; readonly place: string }
  | { readonly kind: 'tokenSiteOdd'; readonly place: string; readonly siteAddress: string }
  | { readonly kind: 'givenTokenShape'; readonly place: string }
  | { readonly kind: 'givenTokenUnknown'; readonly place: string; readonly siteName: string }
  | { readonly kind: 'givenTokenUnused'; readonly place: string; readonly because: Problem }
  | { readonly kind: 'secretStorage' }
  | { readonly kind: 'labNotRunning'; readonly siteName: string }
  | { readonly kind: 'labStarting'; readonly siteName: string }
  | { readonly kind: 'serverGone'; readonly siteName: string }
  | { readonly kind: 'serverRefused'; readonly siteName: string; readonly words: string }
  | { readonly kind: 'labGone'; readonly siteName: string }
  | { readonly kind: 'labReplaced'; readonly siteName: string }
  | { readonly kind: 'labAway'; readonly siteName: string }
  | { readonly kind: 'labStopping'; readonly siteName: string }
  /** With a server of somebody else; `words` are the sentence. */
  | { [K in SharedTrouble]: { readonly kind: K; readonly words: string } }[SharedTrouble]
  | { readonly kind: 'kernelSlow'; readonly siteName: string }
  | { readonly kind: 'kernelGone'; readonly siteName: string }
  | { readonly kind: 'socketsBlocked'; readonly host: string; readonly status: number | undefined }
  | { readonly kind: 'kernelMissing'; readonly siteName: string }
  | ({ readonly kind: 'kernelEnded' } & KernelFacts)
  | ({ readonly kind: 'kernelSilent' } & KernelFacts)
  | { readonly kind: 'kernelNotStarted'; readonly siteName: string; readonly status: number }
  | { readonly kind: 'notebooksUnavailable'; readonly siteName: string }
  | { readonly kind: 'spawnForbidden'; readonly siteName: string }
  | { readonly kind: 'quotaTooSmall'; readonly siteName: string }
  | { readonly kind: 'sizeUnknown'; readonly siteName: string }
  | { readonly kind: 'imageUnknown'; readonly siteName: string }
  | { readonly kind: 'imagePullFailed'; readonly siteName: string }
  | { readonly kind: 'pullTooSlow'; readonly siteName: string }
  | { readonly kind: 'noRoom'; readonly siteName: string }
  | { readonly kind: 'noSpace'; readonly siteName: string }
  | { readonly kind: 'volumeFailed'; readonly siteName: string }
  | { readonly kind: 'labCrashed'; readonly siteName: string }
  | { readonly kind: 'spawnConflict'; readonly siteName: string }
  | { readonly kind: 'spawnTimedOut'; readonly siteName: string }
  | { readonly kind: 'labSilent'; readonly siteName: string }
  | { readonly kind: 'spawnCancelled'; readonly siteName: string }
  | { readonly kind: 'spawnFailed'; readonly siteName: string; readonly words: string }
  | { readonly kind: 'serverFailed'; readonly siteName: string; readonly words: string }
  | { readonly kind: 'jupyterMissing' }
  | { readonly kind: 'unexpected' };

export type ProblemKind = Problem['kind'];
