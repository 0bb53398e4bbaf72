import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite dev` finds the API. */
const api = 'http://127.0.0.1:4000';

/** The letters of the first page are asked for with its script, not once its styles are read: nothing moves when they come. */
const FIRST_FONT = /\/inter-latin-wght-normal-[\w-]+\.woff2$/;
const preloadFont = {
  name: 'ckx-preload-font',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) =>
      Object.keys(bundle ?? {})
        .filter((file) => FIRST_FONT.test(file))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${file}` },
          injectTo: 'head-prepend',
        })),
  },
};

export default defineConfig({
  plugins: [react(), preloadFont],
  server: { proxy: { '/api': api, '/ws': { target: api, ws: true } } },
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // Which file needs which: how much a visitor loads is computed from it.
    manifest: true,
    // A data: address is no address of ours, and the content security policy refuses it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
