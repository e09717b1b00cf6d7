import type { Image } from './images';
import type { LabSpecification } from './labSpecification';
import { describeSize, printCpu, type Size } from './sizes';

/** What the site adds to each lab's environment. */
export interface SiteEnvironment {
  readonly baseUrl: URL;
  readonly siteType: string;
}

/** The environment of a lab: what the hub sent, then what the controller knows. */
export function labEnvironment(
  specification: LabSpecification,
  image: Image,
  size: Size,
  token: string,
  site: SiteEnvironment,
): Record<string, string> {
  const base = site.baseUrl.origin;
  return {
    ...specification.env,
    ...(specification.options.enableDebug && { DEBUG: 'TRUE' }),
    ...(specification.options.resetUserEnv && { RESET_USER_ENV: 'TRUE' }),
    ...image.config.environment,
    JUPYTER_IMAGE: image.reference,
    JUPYTER_IMAGE_SPEC: image.reference,
    IMAGE_DESCRIPTION: image.config.name,
    IMAGE_DIGEST: image.config.digest,
    CONTAINER_SIZE: describeSize(size),
    CPU_GUARANTEE: printCpu(size.requests.cpu),
    CPU_LIMIT: printCpu(size.limits.cpu),
    MEM_GUARANTEE: String(size.requests.memory),
    MEM_LIMIT: String(size.limits.memory),
    JUPYTERHUB_ACTIVITY_INTERVAL: '3600',
    EXTERNAL_INSTANCE_URL: base,
    REPERTOIRE_BASE_URL: `${base}/repertoire`,
    RSP_SITE_TYPE: site.siteType,
    KUBERNETES_NODE_NAME: 'local-node-1',
    HUB_ROUTE: '/nb/hub',
    API_ROUTE: '/api',
    TAP_ROUTE: '/api/tap',
    FIREFLY_ROUTE: '/portal/app',
    ACCESS_TOKEN: token,
    NUBLADO_TOKEN: token,
  };
}
