import { z } from 'zod';
import { isServerName } from './serverNames';

const ServerSchema = z
  .object({
    display_name: z.string().nullish(),
    pending: z.string().nullish(),
    ready: z.boolean().default(false),
    stopped: z.boolean().default(false),
    url: z.string(),
    started: z.string().nullish(),
    last_activity: z.string().nullish(),
    user_options: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  })
  .transform((wire) => ({
    /** What people call it, where that is not its name; hubs before 6 know none. */
    label: wire.display_name ?? undefined,
    /** `spawn` and `stop` matter; a hub may know others. */
    pending: wire.pending ?? undefined,
    isReady: wire.ready,
    isStopped: wire.stopped,
    /** Absolute when the hub uses a host for each person, else a path. */
    url: wire.url,
    startedAt: wire.started ?? undefined,
    lastActivityAt: wire.last_activity ?? undefined,
    options: wire.user_options ?? {},
  }));
export type ServerModel = z.output<typeof ServerSchema> & {
  /** Somebody else's, who does not share it any more. */
  readonly isWithdrawn?: true;
};

export const UserModelSchema = z
  .object({ name: z.string(), servers: z.record(z.string(), ServerSchema).nullish() })
  .transform((wire) => {
    const servers: ReadonlyMap<string, ServerModel> | undefined = wire.servers
      ? new Map(Object.entries(wire.servers))
      : undefined;
    return {
      name: wire.name,
      /** The person's default server; undefined when it does not run. */
      server: servers?.get(''),
      /** All of the person's servers by their names; undefined when the token may not know them. */
      servers,
    };
  });
export type UserModel = z.output<typeof UserModelSchema>;

const SharedServerSchema = z
  .object({
    server: z.object({
      name: z.string(),
      url: z.string(),
      ready: z.boolean().default(false),
      user: z.object({ name: z.string() }),
    }),
  })
  .transform(({ server: { name, url, ready, user } }) => ({
    owner: user.name,
    /** Empty for the owner's default server. */
    name,
    /** Absolute when the hub uses a host for each person, else a path. */
    url,
    isReady: ready,
  }));
/** A server of somebody else that the person may use. */
export type SharedServer = z.output<typeof SharedServerSchema>;

export const SharesSchema = z
  .object({
    items: z.array(SharedServerSchema),
    _pagination: z.object({ next: z.object({ offset: z.number() }).nullish() }).nullish(),
  })
  .transform(({ items, _pagination }) => ({
    // Such as cannot be asked for are left out.
    items: items.filter(({ owner, name }) => isServerName(owner) && (name === '' || isServerName(name))),
    /** How many come before the next part; undefined for the last one. */
    next: _pagination?.next?.offset,
  }));

/** One line of the progress stream. */
export const ProgressEventSchema = z.object({
  progress: z.number().nullish(),
  message: z.string().nullish(),
  ready: z.boolean().nullish(),
  failed: z.boolean().nullish(),
  url: z.string().nullish(),
});

export const HubErrorSchema = z.object({ status: z.number().nullish(), message: z.string() });

const Moment = z
  .string()
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()));

/** Whose a token is; hubs before 5.0 do not tell its id, but what else it is known by in the list of tokens. */
export const TokenOwnerSchema = z
  .object({
    kind: z.string().nullish(),
    name: z.string().min(1),
    admin: z.boolean().nullish(),
    groups: z.array(z.string()).nullish(),
    scopes: z.array(z.string()).nullish(),
    token_id: z.string().nullish(),
    session_id: z.string().nullish(),
  })
  .transform((wire) => ({
    /** A token may also belong to a service, which has no labs. */
    isUser: (wire.kind ?? 'user') === 'user',
    name: wire.name,
    isAdmin: wire.admin ?? false,
    groups: wire.groups ?? [],
    /** As the hub spells them, such as `servers!user=vrubin`. */
    scopes: wire.scopes ?? [],
    tokenId: wire.token_id ?? undefined,
    sessionId: wire.session_id ?? undefined,
  }));
export type TokenOwner = z.output<typeof TokenOwnerSchema>;

export const HubTokenSchema = z
  .object({
    id: z.string(),
    note: z.string().nullish(),
    scopes: z.array(z.string()).nullish(),
    created: Moment.nullish(),
    last_activity: Moment.nullish(),
    expires_at: Moment.nullish(),
    session_id: z.string().nullish(),
  })
  .transform((wire) => ({
    id: wire.id,
    note: wire.note ?? undefined,
    scopes: wire.scopes ?? [],
    created: wire.created ?? undefined,
    lastUsed: wire.last_activity ?? undefined,
    /** Undefined means: never. */
    expires: wire.expires_at ?? undefined,
    /** Of the sign-in to which it belongs; a token that somebody asked for belongs to none. */
    sessionId: wire.session_id ?? undefined,
  }));
export type HubTokenInfo = z.output<typeof HubTokenSchema>;
