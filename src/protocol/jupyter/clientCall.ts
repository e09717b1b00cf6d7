/** What notebook clients hand over: a request object of their own library's making, or an address and options. */
export type FetchInput = string | URL | RequestLike;

/** The part of a request object that every fetch library agrees on. */
export interface RequestLike {
  readonly url: string;
  readonly method?: string;
  readonly headers?: HeadersLike;
  readonly signal?: AbortSignal | null | undefined;
  text?(): Promise<string>;
  arrayBuffer?(): Promise<ArrayBuffer>;
}

export interface FetchOptions {
  readonly method?: string | undefined;
  readonly headers?: HeadersLike | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
}

export type HeadersLike =
  { forEach(visit: (value: string, name: string) => void): void } | Readonly<Record<string, string>>;

export type LabFetch = (input: FetchInput, options?: FetchOptions) => Promise<Response>;

/** Where a client's call goes. */
export function addressOf(input: FetchInput): URL {
  return new URL(typeof input === 'string' || input instanceof URL ? input : input.url);
}

/** What a client's call wants there, in capital letters. */
export function methodOf(input: FetchInput, options?: FetchOptions): string {
  const asked = typeof input === 'string' || input instanceof URL ? undefined : input.method;
  return (options?.method ?? asked ?? 'GET').toUpperCase();
}
