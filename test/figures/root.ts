import path from 'node:path';

/** Of the project. */
export const ROOT = path.resolve(__dirname, '..', '..');
