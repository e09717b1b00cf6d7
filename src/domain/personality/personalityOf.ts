import type { Protocol } from '../../protocol';
import type { Site } from '../sites/site';
import type { Personality } from './personality';

/** The one place in this room where kinds of sites are told apart. */
export async function personalityOf(site: Site, protocol: Protocol): Promise<Personality> {
  switch (site.kind) {
    case 'rsp':
      return new (await import('./rsp')).RspPersonality(site, protocol);
    case 'hub':
      return new (await import('./hub')).HubPersonality(site, protocol);
  }
}
