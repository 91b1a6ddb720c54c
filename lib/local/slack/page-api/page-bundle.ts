import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The workspace page, ready to be served. */
export type Page = { readonly html: string; readonly js: string; readonly css: string };

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<title>Local workspace</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body><div id="root"></div><noscript>This page needs JavaScript.</noscript></body>
</html>
`;

/** Bundles lib/local/page for the browser; throws when it does not compile. */
export const buildPage = async (): Promise<Page> => {
  const result = await build({
    entryPoints: [fileURLToPath(new URL('../../page/main.tsx', import.meta.url))],
    bundle: true,
    write: false,
    outdir: '/page',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const output = (extension: string): string =>
    result.outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? '';
  // The library scopes its styles by an id, which a page with many messages would have to repeat.
  return {
    html,
    js: output('.js'),
    css: output('.css').replaceAll('#slack_blocks_to_jsx', '.slack_blocks_to_jsx:not(#x)'),
  };
};
