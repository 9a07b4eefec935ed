// The licences of what a build carries: Kindred's own, and those of every package whose code is in it, as the
// packages tell them. A package that tells none is an error, not a line that is left out.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

interface Licence {
  /** `pino 10.4.0 (MIT)` */
  title: string;
  /** `@scope`, for packages of one repository. */
  scope: string | undefined;
  /** Its own text, if it comes with one. */
  text: string | undefined;
}

const RULE = `\n${'='.repeat(100)}\n`;
const TEXTS = /^(licen[cs]e|notice|copying)([.-].*)?$/i;

/** @returns folders of the packages whose code is in the outputs, sorted */
export const bundledPackages = (...metafiles: readonly Metafile[]): string[] => {
  const folders = metafiles
    .flatMap(({ outputs }) => Object.values(outputs))
    .flatMap(({ inputs }) => Object.keys(inputs))
    .map((path) => /^(?:.*:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((folder) => folder !== undefined);
  return [...new Set(folders)].toSorted();
};

/**
 * @param root the checkout
 * @param folders of packages, relative to it
 * @param more texts of what else is inside, by title
 */
export const licenceTexts = (
  root: string,
  folders: readonly string[],
  more: Readonly<Record<string, string>> = {},
): string => {
  const own = ['NOTICE', 'LICENSE'].map((name) => readFileSync(join(root, name), 'utf8'));
  const packages = folders.map((folder) => read(join(root, folder)));
  const parts = [
    ['Kindred', own.join('\n')],
    ...Object.entries(more),
    ...packages.map((one) => [one.title, one.text ?? sibling(one, packages)]),
  ];
  return [...new Set(parts.map(([title, text]) => `${title}\n\n${text}`))]
    .map((part) => `${part.trimEnd()}\n`)
    .join(RULE);
};

const read = (folder: string): Licence => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
    license?: string;
  };
  const files = readdirSync(folder).filter((name) => TEXTS.test(name));
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  const text = texts.length > 0 ? texts.join('\n') : ofReadme(join(folder, 'README.md'));
  if (text === undefined && manifest.license === undefined)
    throw new Error(`${folder} tells no licence`);
  return {
    title: `${manifest.name} ${manifest.version}${manifest.license ? ` (${manifest.license})` : ''}`,
    scope: /^@[^/]+/.exec(manifest.name)?.[0],
    text,
  };
};

const ofReadme = (path: string): string | undefined =>
  existsSync(path)
    ? /^#+ *licen[cs]e\b[\s\S]*?(?=^#|(?![\s\S]))/im.exec(readFileSync(path, 'utf8'))?.[0]
    : undefined;

/** For a package that names its licence without the text: where the text stands. */
const sibling = ({ scope }: Licence, packages: readonly Licence[]): string => {
  const found = packages.find(
    (other) => scope !== undefined && other.scope === scope && other.text,
  );
  return found
    ? `The text is that of ${found.title}, of the same repository.`
    : 'The package names its licence without the text.';
};
