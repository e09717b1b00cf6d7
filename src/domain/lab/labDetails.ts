import type { Log } from '../../common/log';
import type { SiteLink } from '../../protocol';
import type { UserStatus } from '../../protocol/nublado/schemas';
import { isAbort, toProblemError, type Asked } from '../problems/problems';

/** Image, size and limits; a lab without them is shown without, since the hub knows that it runs. */
export async function fetchDetails(
  link: SiteLink,
  site: Asked,
  log: Log,
  signal: AbortSignal,
): Promise<UserStatus | undefined> {
  try {
    return await link.nublado?.fetchUserStatus(signal);
  } catch (error) {
    if (isAbort(error)) throw error;
    log.warn(`Image and size of the lab are not known: ${toProblemError(error, site).message}`);
    return undefined;
  }
}
