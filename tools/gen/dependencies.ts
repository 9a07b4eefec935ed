// What the installed program brings along, from the lock file: every package that is not for development
// alone. A page for people, and a bill of materials (CycloneDX 1.6) for programs. `npm sbom` is not used:
// it leaves out what development needs too.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { code, page, section, table } from './markdown.ts';

export interface LockedPackage {
  name: string;
  version: string;
  license: string;
  isOptional: boolean;
  hasInstallScript: boolean;
  /** Named in package.json. */
  isDirect: boolean;
  /** SHA-512 in hexadecimal. */
  sha512: string;
  purl: string;
  /** The purls of what it needs. */
  needs: readonly string[];
}

interface Entry {
  version?: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  integrity?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

interface Manifest {
  name: string;
  version: string;
  license: string;
  dependencies: Record<string, string>;
}

const FOLDER = 'node_modules/';
const SHA512 = 'sha512-';

const nameOf = (path: string): string => path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
const purlOf = (name: string, version: string): string =>
  `pkg:npm/${name.replace('@', '%40')}@${version}`;
const byName = (a: { purl: string }, b: { purl: string }): number => (a.purl < b.purl ? -1 : 1);

const read = (root: string, name: string): unknown =>
  JSON.parse(readFileSync(join(root, name), 'utf8'));
const manifestOf = (root: string): Manifest => read(root, 'package.json') as Manifest;

/** Of the run time: what `npm install --omit=dev` brings. */
export const lockedPackages = (root: string): LockedPackage[] => {
  const { packages } = read(root, 'package-lock.json') as { packages: Record<string, Entry> };
  const { dependencies } = manifestOf(root);
  const found = Object.entries(packages)
    .filter(([path, entry]) => path.startsWith(FOLDER) && entry.version !== undefined)
    .filter(([, { dev = false, devOptional = false }]) => !dev && !devOptional)
    .map(([path, entry]) => {
      const { version = '', license = 'unknown', integrity = '' } = entry;
      const name = nameOf(path);
      const encoded = integrity.startsWith(SHA512) ? integrity.slice(SHA512.length) : '';
      return {
        name,
        version,
        license,
        isOptional: entry.optional === true,
        hasInstallScript: entry.hasInstallScript === true,
        isDirect: Object.hasOwn(dependencies, name) && path === FOLDER + name,
        sha512: Buffer.from(encoded, 'base64').toString('hex'),
        purl: purlOf(name, version),
        needs: needsOf(packages, path, entry),
      };
    });
  // One that lies in two places is one package.
  return [...new Map(found.map((one) => [one.purl, one])).values()].toSorted(byName);
};

/** As Node finds them: in the package's own folder, then in each one above. */
const needsOf = (packages: Record<string, Entry>, path: string, entry: Entry): string[] => {
  const names = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies });
  return names.flatMap((name) => {
    for (let from = path; ; from = from.slice(0, Math.max(0, from.lastIndexOf(`/${FOLDER}`)))) {
      const { version } = packages[`${from === '' ? '' : `${from}/`}${FOLDER}${name}`] ?? {};
      if (version !== undefined) return [purlOf(name, version)];
      if (from === '') return [];
    }
  });
};

export const dependenciesPage = (root: string): string => {
  const all = lockedPackages(root);
  const rows = (some: readonly LockedPackage[]): string[][] =>
    some.map(({ name, version, license }) => [code(name), version, license]);
  const head = ['package', 'version', 'licence'];
  const own = all.filter(({ isDirect }) => isDirect);
  const brought = all.filter(({ isDirect, isOptional }) => !isDirect && !isOptional);
  const optional = all.filter(({ isDirect, isOptional }) => !isDirect && isOptional);
  return page(
    'What is installed with Kindred',
    [
      `${all.length} packages from the lock file, none with an install script. The same as a bill of materials (CycloneDX), with hashes and who needs whom: [sbom.cdx.json](sbom.cdx.json). Each that Kindred itself names has a page in [decisions](../decisions/README.md).\n\n`,
      section('## Named by Kindred', table(head, rows(own))),
      section('## Brought by these', table(head, rows(brought))),
      section('## Optional parts of these, never loaded here', table(head, rows(optional))),
    ].join(''),
  );
};

/** The bill of materials: no time and no serial number, so that it changes only when something does. */
export const sbomSource = (root: string): string => {
  const { name, version, license } = manifestOf(root);
  const all = lockedPackages(root);
  const self = purlOf(name, version);
  const licensed = (id: string) => [{ license: { id } }];
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        'bom-ref': self,
        type: 'application',
        name,
        version,
        licenses: licensed(license),
        purl: self,
      },
    },
    components: all.map((one) => ({
      'bom-ref': one.purl,
      type: 'library',
      name: one.name,
      version: one.version,
      scope: one.isOptional ? 'optional' : 'required',
      hashes: [{ alg: 'SHA-512', content: one.sha512 }],
      licenses: licensed(one.license),
      purl: one.purl,
    })),
    dependencies: [
      { ref: self, dependsOn: all.filter(({ isDirect }) => isDirect).map(({ purl }) => purl) },
      ...all.map(({ purl, needs }) => ({ ref: purl, dependsOn: [...new Set(needs)].toSorted() })),
    ],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
};
