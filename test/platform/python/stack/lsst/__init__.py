"""Stands for the LSST software of the image that a lab was started from.

A cell that says `import lsst; lsst.image` shows which image it runs in. There is no science software in here.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Image:
    """The container image of this lab, as the platform's controller described it."""

    tag: str
    description: str
    reference: str
    digest: str


def _image_of_this_lab() -> Image:
    reference = os.environ.get("JUPYTER_IMAGE_SPEC", "")
    last_part = reference.split("@")[0].rsplit("/", 1)[-1]
    return Image(
        tag=last_part.partition(":")[2],
        description=os.environ.get("IMAGE_DESCRIPTION", ""),
        reference=reference,
        digest=os.environ.get("IMAGE_DIGEST", ""),
    )


image = _image_of_this_lab()
__version__ = image.tag
