/**
 * Builds dist/: ESM with splitting, so that each command loads its own class and what that needs: client-node, prompts
 * and tables sit in chunks of their own. Also writes dist/package.json, the one that is published: no dependencies, no Node binaries.
 */
import { globSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const root = new URL('..', import.meta.url);
const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));

/** Of package.json the program uses three fields; the rest does not belong into the bundle. */
const stamp: Plugin = {
  name: 'stamp',
  setup(bundler) {
    bundler.onLoad({ filter: /\/package\.json$/ }, ({ path }) => {
      if (path !== new URL('package.json', root).pathname) return undefined;
      const { name, version, oclif } = manifest;
      return { contents: JSON.stringify({ name, version, oclif }), loader: 'json' };
    });
  },
};

/**
 * What oclif loads at every start for what is never done here: to find command files, plugins and settings on disk, to render
 * templates and spinners, to color and wrap, to log by DEBUG, to end the process, and to tell Windows' shells from inside of Linux.
 */
const never: readonly RegExp[] = [
  /^(tinyglobby|minimatch|wsl-utils|lilconfig|ejs|debug|supports-color|ansis|cli-spinners|ansi-escapes)$/,
  /^(wrap-ansi|string-width|widest-line|indent-string|clean-stack)$/,
  /^\.\/(handle|help|action\/simple|action\/spinner)$/,
];

/** What stands in its place: a call says that it is missing; what is asked for while oclif is loaded is answered. */
const standIn = (name: string): string => `
  function missing() { throw new Error('${name} is not part of this program'); }
  const answers = { debug: () => () => {}, 'supports-color': { stdout: false, stderr: false }, 'wsl-utils': { isWsl: false } };
  module.exports = answers['${name}'] ?? (${/action/.test(name)} ? class {} : missing);`;

const lighterOclif: Plugin = {
  name: 'lighter-oclif',
  setup(bundler) {
    const fromOclif = ({ importer }: { readonly importer: string }): boolean => importer.includes('@oclif/core');
    for (const filter of never)
      bundler.onResolve({ filter }, (found) => (fromOclif(found) ? { path: found.path, namespace: 'never' } : undefined));
    bundler.onLoad({ filter: /.*/, namespace: 'never' }, ({ path }) => ({ contents: standIn(path) }));
    // Node's own modules that it needs for the same are loaded when they are used.
    bundler.onResolve({ filter: /^node:(readline|fs\/promises|child_process|perf_hooks)$/ }, (found) =>
      fromOclif(found) ? { path: found.path, namespace: 'later' } : undefined,
    );
    bundler.onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => process.getBuiltinModule('${path}')[name] });`,
    }));
  },
};

/**
 * string-width, wrap-ansi and slice-ansi make segmenters and expressions over all of Unicode while they are loaded, which costs
 * 50 ms of every start (docs/benchmarks.md). Here each is made when the first text that is not plain has to be measured.
 */
const laterUnicode: Plugin = {
  name: 'later-unicode',
  setup(bundler) {
    bundler.onLoad({ filter: /node_modules\/(string-width|wrap-ansi|slice-ansi)\/[\w-]+\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll(/^const (\w+) = (new Intl\.Segmenter\(.*\)|\/.*\/(?:v|gu));$/gm, 'const $1 = later(() => $2);');
      // Versions 7 and 4, which are older, have nothing to put off.
      if (contents === text) return text.includes('Segmenter') ? Promise.reject(new Error(`${path} is written otherwise now`)) : undefined;
      return { contents: `${LATER}\n${contents}`, loader: 'js' };
    });
  },
};

/** An object that is made when it is first used. */
const LATER = `function later(make) {
  let made;
  return new Proxy({}, { get(_, name) {
    made ??= make();
    return typeof made[name] === 'function' ? made[name].bind(made) : made[name];
  } });
}`;

/** The manifest without what every command repeats: flags that are alike are written once. */
const slimManifest: Plugin = {
  name: 'slim-manifest',
  setup(bundler) {
    bundler.onLoad({ filter: /oclif\.manifest\.json$/ }, async ({ path }) => {
      const { commands } = JSON.parse(await readFile(path, 'utf8')) as { readonly commands: Record<string, { readonly flags: object }> };
      const places = new Map<string, number>();
      const placeOf = (flag: unknown): number => {
        const text = JSON.stringify(flag);
        if (!places.has(text)) places.set(text, places.size);
        return places.get(text) ?? 0;
      };
      const written = Object.entries(commands).map(([id, { flags, ...command }]) => {
        const table = Object.entries(flags).map(([name, flag]) => `${JSON.stringify(name)}:flags[${placeOf(flag)}]`);
        return `${JSON.stringify(id)}:{...${JSON.stringify(command)},flags:{${table.join()}}}`;
      });
      return { contents: `const flags=[${[...places.keys()].join()}];export default {commands:{${written.join()}}};`, loader: 'js' };
    });
  },
};

const result = await build({
  write: false,
  absWorkingDir: new URL('.', root).pathname,
  entryPoints: { main: 'src/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.22',
  minifySyntax: true,
  minifyWhitespace: true,
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [stamp, lighterOclif, laterUnicode, slimManifest],
  // Its CommonJS form, imported lazily, would come out with a default export only.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  // CommonJS packages inside of an ES module call `require` for Node's own modules.
  banner: { js: "import { createRequire as createRequire_ } from 'node:module'; const require = createRequire_(import.meta.url);" },
});

// Somebody may be running what was built before: files are replaced as a whole, chunks before main.js, old ones last.
const files = new Map(result.outputFiles.map(({ path, contents }) => [path, contents]));
for (const path of [...files.keys()].sort()) await replace(path, files.get(path) ?? '');

const { name, version, description, license, engines, bin, oclif, repository, keywords } = manifest;
const published = { name, version, description, license, type: 'module', engines, bin, files: manifest.files, oclif, repository, keywords };
const publishedFile = fileURLToPath(new URL('dist/package.json', root));
await replace(publishedFile, `${JSON.stringify(published, null, 2)}\n`);
for (const path of globSync('dist/**/*.{js,json}', { cwd: root }).map((path) => fileURLToPath(new URL(path, root)))) {
  if (path !== publishedFile && !files.has(path)) await rm(path, { force: true });
}

const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
console.log(`dist: ${Object.keys(result.metafile.outputs).length} files, ${(bytes / 1e6).toFixed(2)} MB`);

async function replace(path: string, contents: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, contents);
  await rename(`${path}.${process.pid}`, path);
}
