import { defineConfig } from 'rolldown';

/**
 * One small CommonJS entry that activation needs; what speaks to servers is in chunks that are loaded when they are
 * first used.
 */
export default defineConfig({
  input: { extension: 'src/extension.ts' },
  platform: 'node',
  // Two native speed-ups that ws takes when they are installed; without them it does the same in JavaScript.
  external: ['vscode', 'bufferutil', 'utf-8-validate'],
  output: {
    dir: 'dist',
    format: 'cjs',
    minify: true,
    sourcemap: true,
    comments: { annotation: false, jsdoc: false }, // for bundlers, of which none comes after this one
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    cleanDir: true,
  },
});
