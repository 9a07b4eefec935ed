// The operator's list of public images (`--catalogue FILE`): a JSON array of entries in the words of
// the API. It is checked as a whole at start; each fault is one sentence that names the entry.
import { readFileSync } from 'node:fs';
import { makeCatalogue, type Catalogue, type CatalogueEntry } from '../domain/catalogue.ts';
import { CATALOGUE_IMAGES } from '../domain/catalogue-images.ts';
import { StartRefused } from './refusal.ts';

const MAX_ENTRIES = 1_000;
const MAX_FAULTS_SHOWN = 5;

type Check = (value: unknown) => boolean;

const isText =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const isOneOf =
  (...values: string[]): Check =>
  (value) =>
    typeof value === 'string' && values.includes(value);

const isInstant: Check = (value) =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) &&
  !Number.isNaN(Date.parse(value));

interface Field {
  check: Check;
  wanted: string;
  isOptional?: true;
}

const TEXT = /^[^\p{Cc}]{1,128}$/u;
const OPTIONAL_TEXT = { check: isText(/^[^\p{Cc}]{0,256}$/u), wanted: 'a text', isOptional: true };

const FIELDS = {
  ImageId: {
    check: isText(/^(?!m-)[A-Za-z][A-Za-z0-9._-]{1,127}$/),
    wanted: '2 to 128 of a-z, A-Z, 0-9, ".", "_" and "-", not beginning with "m-"',
  },
  ImageFamily: {
    check: isText(/^acs:(?!\d+:)[\p{L}\p{Nd}._:-]{1,124}$/u),
    wanted: 'acs: and a name that does not begin with an account',
    isOptional: true,
  },
  CreationTime: { check: isInstant, wanted: 'a time like 2026-09-15T03:21:05Z' },
  OSType: { check: isOneOf('linux', 'windows'), wanted: 'linux or windows' },
  Platform: { check: isText(TEXT), wanted: 'a text' },
  OSName: { check: isText(TEXT), wanted: 'a text' },
  OSNameEn: { check: isText(TEXT), wanted: 'a text' },
  Architecture: { check: isOneOf('i386', 'x86_64', 'arm64'), wanted: 'i386, x86_64 or arm64' },
  Size: {
    check: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 32_768,
    wanted: 'a number of GiB',
  },
  Description: OPTIONAL_TEXT as Field,
  ImageVersion: OPTIONAL_TEXT as Field,
  BootMode: {
    check: isOneOf('BIOS', 'UEFI', 'UEFI-Preferred'),
    wanted: 'BIOS, UEFI or UEFI-Preferred',
    isOptional: true,
  },
  IsSupportCloudinit: {
    check: (value) => typeof value === 'boolean',
    wanted: 'true or false',
    isOptional: true,
  },
} as const satisfies Record<keyof CatalogueEntry, Field>;

const faultsOf = (entry: unknown, place: string): string[] => {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return [`${place} is not an object`];
  const values = entry as Record<string, unknown>;
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(FIELDS, name));
  const faults = unknown.map((name) => `${place} has the unknown field ${name}`);
  for (const [name, field] of Object.entries<Field>(FIELDS)) {
    const value = values[name];
    if (value === undefined ? field.isOptional !== true : !field.check(value))
      faults.push(`${place}: ${name} must be ${field.wanted}`);
  }
  return faults;
};

/** Checks a parsed list. @throws StartRefused */
export const readCatalogue = (list: unknown, source: string): Catalogue => {
  if (!Array.isArray(list) || list.length > MAX_ENTRIES)
    throw new StartRefused(`${source} must hold a list of at most ${MAX_ENTRIES} images`);
  const faults = list.flatMap((entry, i) => faultsOf(entry, `${source}: image ${i + 1}`));
  const entries = list as CatalogueEntry[];
  const seen = new Set<string>();
  for (const [i, entry] of entries.entries()) {
    const id = (entry as CatalogueEntry | null)?.ImageId;
    if (id === undefined) continue;
    if (seen.has(id)) faults.push(`${source}: image ${i + 1} repeats the ImageId ${id}`);
    seen.add(id);
  }
  if (faults.length > 0) {
    const rest = faults.length - MAX_FAULTS_SHOWN;
    const shown = faults.slice(0, MAX_FAULTS_SHOWN).join('; ');
    throw new StartRefused(rest > 0 ? `${shown}; and ${rest} more faults` : shown);
  }
  return makeCatalogue(entries);
};

/** The catalogue that a setting names: absent the built-in one, `none`, or a file. @throws StartRefused */
export const openCatalogue = (setting: string | undefined): Catalogue => {
  if (setting === undefined) return makeCatalogue(CATALOGUE_IMAGES);
  if (setting === 'none') return makeCatalogue([]);
  let text: string;
  try {
    text = readFileSync(setting, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartRefused(`--catalogue: the file ${setting} cannot be read (${code})`);
  }
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw new StartRefused(`--catalogue: ${setting} is not JSON: ${(error as Error).message}`);
  }
  return readCatalogue(list, setting);
};
