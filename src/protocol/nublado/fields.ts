/** The value of the lab form's radio button that stands for "see the drop-down list". */
export const DROPDOWN_SENTINEL = 'use_image_from_dropdown';
