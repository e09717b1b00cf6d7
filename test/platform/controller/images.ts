import type { ImageConfig, PlatformConfig } from '../config';

/** An image that labs can be made of. */
export interface Image {
  readonly config: ImageConfig;
  /** `registry/repository:tag`. */
  readonly taggedReference: string;
  /** `registry/repository:tag@sha256:…`, what a lab's state and its menu entry say. */
  readonly reference: string;
  /** What the dropdown says: without the digest while that is not known. */
  readonly menuReference: string;
}

/** A refusal of the controller: its status and its entry in the error list. */
export class ControllerError extends Error {
  readonly status: number;
  readonly type: string;
  readonly loc: readonly string[] | undefined;

  constructor(status: number, type: string, message: string, loc?: readonly string[]) {
    super(message);
    this.status = status;
    this.type = type;
    this.loc = loc;
  }
}

/** All images of the site, and the ways to name one. */
export class Images {
  readonly #images: readonly Image[];

  constructor(config: PlatformConfig['images']) {
    this.#images = config.offered.map((image) => {
      const taggedReference = `${config.registry}/${image.repository ?? config.repository}:${image.tag}`;
      const reference = `${taggedReference}@${image.digest}`;
      return {
        config: image,
        taggedReference,
        reference,
        menuReference: image.digestInMenu ? reference : taggedReference,
      };
    });
  }

  /** Radio buttons: the recommended image first, then the pre-pulled ones. */
  get menu(): Image[] {
    const shown = this.#images.filter(({ config }) => config.prepulled && !config.hiddenInMenu);
    const recommended = this.#images.filter(({ config }) => config.class === 'recommended');
    return [...recommended, ...shown.filter((image) => !recommended.includes(image))];
  }

  get dropdown(): readonly Image[] {
    return this.#images;
  }

  byReference(reference: string): Image {
    if (!/^[^/]+\/[^:@]+(:[^@]+)?(@.+)?$/.test(reference))
      throw new ControllerError(422, 'invalid_docker_reference', `Invalid Docker reference "${reference}"`);
    const found = this.#images.find((image) => [image.reference, image.taggedReference].includes(reference));
    if (found !== undefined) return found;
    throw new ControllerError(400, 'unknown_image', `Docker reference "${reference}" not found`);
  }

  /** Only among pre-pulled images. */
  byClass(imageClass: string): Image {
    const found = this.#images.find(({ config }) => config.class === imageClass && config.prepulled);
    if (found !== undefined) return found;
    throw new ControllerError(400, 'unknown_image', `No ${imageClass} image found`);
  }

  byTag(tag: string): Image {
    const found = this.#images.find(({ config }) => config.tag === tag);
    if (found !== undefined) return found;
    throw new ControllerError(400, 'unknown_image', `Docker tag "${tag}" not found`);
  }
}
